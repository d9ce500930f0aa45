"""Records in files: archives that `dump` writes, that `load` and `replay` read, and articles in files of others."""
