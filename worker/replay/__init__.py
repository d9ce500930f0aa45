"""Bounded re-processing of topic data, and what it changed."""
