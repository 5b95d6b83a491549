"""A first draft of a channel and its case file from sample payloads."""
