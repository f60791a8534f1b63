"""The one kind of error that a user can put right."""

from __future__ import annotations


class AssaybookError(Exception):
    """Something given cannot be used: the message says what, where, and what to do next. The command line shows it and exits with code 2."""
