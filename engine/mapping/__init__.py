"""From a payload to what a channel makes of it, before any store is asked."""
