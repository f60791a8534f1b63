"""What is not known, what is not there, and what is worked out only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ..resources import Unresolved


@dataclass(frozen=True, slots=True)
class Missing(Unresolved):
    """What a reference asks for and is not there: an error in Terraform, which `try` and `can` look for."""


class Holder(Protocol):
    """Something with members that are worked out when they are asked for: variables, a resource, a module."""

    def member(self, name: str, where: str) -> Any:
        """What is under a name."""

    def whole(self) -> Any:
        """What stands for it where it is used as a value itself."""


def symbol(name: str, why: str, where: str, *, secret: bool = False) -> Unresolved:
    """A value that is not known, by what it hangs on; the name is cut to what can be one."""
    return Unresolved(f"${{{_plain(name)}}}", why, where, secret)


def missing(name: str, why: str, where: str) -> Missing:
    """A value that is not there."""
    return Missing(f"${{{_plain(name)}}}", why, where)


def _plain(name: str) -> str:
    return "".join("." if each in "{}:$\n" else each for each in name)[:120] or "?"


def is_holder(value: Any) -> bool:
    """Whether a value is something with members that are worked out when they are asked for."""
    return hasattr(value, "member") and hasattr(value, "whole")


def truth(value: Any) -> bool | None:
    """Whether a condition holds; None where that is not known."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and str(value) in ("true", "false"):
        return str(value) == "true"
    return None
