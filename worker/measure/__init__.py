"""Measures the extraction against articles that readers marked by hand."""
