"""Pages for a browser: self-contained, without scripts, everything filled in is escaped."""
