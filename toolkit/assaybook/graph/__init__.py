"""The estate as a graph, built from the rows of other tables: pure, in a defined order, and in time that grows with the rows and not with their product."""

from .derived import derive

__all__ = ["derive"]
