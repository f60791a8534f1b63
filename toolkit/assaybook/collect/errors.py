"""What stops a collection as a whole. A single call that fails stops nothing: it becomes a capture."""

from __future__ import annotations

from ..errors import AssaybookError


class CollectError(AssaybookError):
    """Collecting cannot start or go on: what is wrong, where, and what to do."""
