"""The web port: its server, who may ask, what is held open, TLS, and articles that come in by it."""
