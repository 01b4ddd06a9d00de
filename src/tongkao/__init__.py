"""Tongkao."""
