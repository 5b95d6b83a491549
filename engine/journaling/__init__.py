"""The journal as people work with it: found, shown, decided again, and cleaned of a person."""
