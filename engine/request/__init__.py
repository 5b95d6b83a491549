"""From a request as it arrives to payloads."""
