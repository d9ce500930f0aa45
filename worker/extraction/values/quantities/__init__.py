"""Quantities with their units and bounds."""
