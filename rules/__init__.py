"""Ready-made channels for well-known senders."""
