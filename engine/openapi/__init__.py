"""OpenAPI documents of what a service takes, made from its channels."""
