"""Where claims stand: how many independent sources and publishers assert, deny and report each."""
