"""Claimwire: raw news articles in Kafka become claim events."""

__version__ = "0.1.0"
