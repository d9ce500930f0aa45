"""Settling a record: its outputs, retry, drop note or dead letter, acknowledged before its offset is committed."""
