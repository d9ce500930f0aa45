"""Records in files: what `dump` writes and `load` and `replay` read, and what others write of articles."""
