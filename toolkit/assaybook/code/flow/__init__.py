"""The analysis of flows: from where untrusted data comes into a program to where it does harm."""

from .extract import flows

__all__ = ["flows"]
