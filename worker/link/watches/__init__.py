"""Claims that somebody wants to be told of."""
