"""Identifies sources and addressees: pronouns, descriptions, roles."""
