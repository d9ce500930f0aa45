"""How the clients of Kafka get in: their arguments, their tokens, and why the brokers turned one away."""
