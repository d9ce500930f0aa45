"""Runs a replay: reads, extracts, writes in order, survives restarts."""
