"""Consumes a topic: membership of the group, assigned partitions, batches, commits and pauses."""
