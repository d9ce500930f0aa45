"""Metrics, health, lag, traces, logs and the web page of the worker. This room only listens; it changes nothing."""
