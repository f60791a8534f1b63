"""Reading code and text into facts: secrets, and later flows, dependencies and templates. Standard library only."""
