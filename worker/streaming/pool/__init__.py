"""A pool of processes that survives the death of its children."""
