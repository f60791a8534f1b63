"""Captures of what was read from files to rows, one module for each subject."""
