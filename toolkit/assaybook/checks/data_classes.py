"""What is known of the class of a store: from its tags, or from the organisation's data register."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Subject
from ..tables.register import RegisterEntry
from ..watched import Watched


def entry_of(name: str, holder: Subject, evidence: Watched) -> RegisterEntry | None:
    """What the data register says of a store that goes by its name or its ARN; None if it says nothing of it."""
    for entry in evidence.all(RegisterEntry, store=frozenset({name, holder.native})):
        if entry.account in ("", holder.account) and entry.region in ("", holder.region):
            return entry
    return None


def class_of(tags: Mapping[str, str], name: str, holder: Subject, evidence: Watched) -> str:
    """The class that a store's tags name, else the one that the register names; empty if neither does."""
    keys = {str(key).casefold() for key in evidence.parameter("class_tag_keys")}
    for key, value in sorted(tags.items()):
        if key.strip().casefold() in keys and value.strip():
            return value.strip().casefold()
    entry = entry_of(name, holder, evidence)
    return entry.data_class.strip().casefold() if entry else ""


def is_sensitive(data_class: str, evidence: Watched) -> bool:
    """Whether a class is one of those that count as sensitive."""
    return data_class in {str(each).casefold() for each in evidence.parameter("sensitive_values")}
