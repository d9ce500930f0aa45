"""Watches and controls replays: estimate, progress, status, pause, delete."""
