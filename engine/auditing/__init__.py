"""Weak points of rules, found in recorded payloads."""
