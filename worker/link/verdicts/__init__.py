"""Which claims say what a fact-checker has reviewed."""
