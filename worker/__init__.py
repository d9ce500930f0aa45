"""Claimwire: raw news articles in Kafka become claim events."""

import os

__version__ = "0.1.0"

# numpy reads it once, whoever loads it first: processes share the cores, and threads that spin for them made the
# parse eight times slower on two busy cores
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
