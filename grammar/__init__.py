"""The grammar of the channel language."""
