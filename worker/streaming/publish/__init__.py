"""Writing records: producer, batches, acknowledgements, failures."""
