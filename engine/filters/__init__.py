"""The filters of templates."""
