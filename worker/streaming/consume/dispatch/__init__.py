"""Which batch is worked on next, and what is written down of it before."""
