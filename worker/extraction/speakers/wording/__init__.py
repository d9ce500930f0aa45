"""What the words of a source tell of who it is, and whom they call again."""
