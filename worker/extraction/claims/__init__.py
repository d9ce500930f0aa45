"""From everything that was found in a text to its claims."""
