"""Training of the models."""

import os

# as in worker/__init__.py: before anything imports onnxruntime
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
