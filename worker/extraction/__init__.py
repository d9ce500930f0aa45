"""An article in, claims out. Pure: knows no Kafka, no clock and no environment."""
