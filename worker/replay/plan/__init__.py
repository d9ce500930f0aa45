"""The plan of a replay: selection of records, target, counts, and the registry that all its processes read."""
