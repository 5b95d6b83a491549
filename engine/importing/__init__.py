"""Existing records from files into a database, and out of it again."""
