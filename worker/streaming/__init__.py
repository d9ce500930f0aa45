"""Kafka mechanics, and no news: consume, budget, process pool, publish, acknowledge."""
