"""From a record to its outcome: extraction, ingest, lifecycle. No Kafka client."""
