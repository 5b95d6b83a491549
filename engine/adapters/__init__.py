"""Stores that keep data outside the process."""
