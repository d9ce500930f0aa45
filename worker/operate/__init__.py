"""Looks at topics from outside: audit, dead letters, sending records again."""
