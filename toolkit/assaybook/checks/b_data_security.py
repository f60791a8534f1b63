"""Area B: stores and keys."""
