"""Copies of one text over publishers: which articles say the same in the same words."""
