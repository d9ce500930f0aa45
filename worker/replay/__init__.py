"""Replays: records of topics or archives are processed again, and the result is compared with the live claims."""
