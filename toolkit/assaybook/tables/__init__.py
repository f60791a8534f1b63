"""The typed rows that checks decide, one module for each subject."""
