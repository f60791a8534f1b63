"""An event of which only some members are known, as patterns are held against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

Event = Mapping[str, Any]


class Said(Enum):
    """What an event says where it states no value."""

    ABSENT = "absent"  # the member is surely not there
    OPEN = "open"  # nothing is known of it


def look(event: Event, path: Sequence[str]) -> Any:
    """The value at a path, `Said.OPEN` where the event leaves it open; below an absent member everything is absent."""
    value: Any = event
    for step in path:
        if value is Said.ABSENT or value is Said.OPEN:
            return value
        if not isinstance(value, Mapping):
            return Said.ABSENT
        value = value.get(step, Said.OPEN)
    return value
