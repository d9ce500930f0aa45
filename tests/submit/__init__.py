"""Tests of the ways for raw articles in."""
