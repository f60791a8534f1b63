"""Collecting: asks for everything and judges nothing. The only part that opens a socket; SDKs are imported when something is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import CollectError
from .scope import AssumedAccount, Collected, Limits

if TYPE_CHECKING:
    from .accounts import collect_accounts
    from .aws import session_for
    from .collection import collect_aws

# Functions whose modules import an SDK, and those modules.
_LATE = {"collect_accounts": "accounts", "collect_aws": "collection", "session_for": "aws"}

__all__ = ["AssumedAccount", "CollectError", "Collected", "Limits", "collect_accounts", "collect_aws", "session_for"]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f".{_LATE[name]}", __name__), name)
