"""Times and quantities, normalised."""
