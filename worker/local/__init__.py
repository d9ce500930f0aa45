"""Claimwire without a Kafka of your own: brokers for the demo and the tests, articles from files."""
