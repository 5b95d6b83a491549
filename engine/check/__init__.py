"""The checks of rule files."""
