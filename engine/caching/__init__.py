"""Checked rule files kept as data, so that a later start neither parses nor checks them."""
