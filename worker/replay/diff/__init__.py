"""Compares the claims of two runs, and promotes one."""
