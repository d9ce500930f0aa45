"""Who says it, who is told, and the words that name them."""
