"""Claimwire: raw news articles in Kafka become claim events."""

import os

__version__ = "0.1.0"

# numpy reads it once, whoever loads it first: processes share the cores, and threads that spin for them made the
# parse eight times slower on two busy cores
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# onnxruntime reads it when it is imported. Without it, onnxruntime looks up a host of its maker, and keeps a device id
# and an event store in the home folder. Here, because every process of Claimwire imports this module before any other.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
