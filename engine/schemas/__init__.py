"""JSON Schemas that LeadLark publishes."""
