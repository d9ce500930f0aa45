"""Measuring the extraction against what readers judged by hand."""
