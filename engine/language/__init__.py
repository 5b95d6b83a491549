"""The channel language: from text to nodes."""
