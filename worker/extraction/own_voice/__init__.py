"""The article's own voice: what it asserts itself, and what it or a source takes for granted."""
