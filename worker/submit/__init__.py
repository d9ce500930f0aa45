"""Raw articles on their way in, from whoever writes no Kafka: files that are published, and the HTTP intake."""
