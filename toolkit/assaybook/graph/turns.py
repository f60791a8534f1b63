"""How a workload may start itself or another by what it writes into a source of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..tables.graph import Feed
from .rights import Rights
from .stores import Shelf

# Services whose loops AWS Lambda finds and stops after about sixteen turns. Source: AWS Lambda Developer Guide, "Use Lambda recursive loop detection to prevent
# infinite loops".
STOPPED_BY_PROVIDER = frozenset({"queue", "topic", "bucket"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One way in which what a workload writes starts something: through what, by which statement, and how sure that is."""

    through: str
    by: str
    proven: bool
    stopped: bool

    @property
    def said(self) -> str:
        """The same in words."""
        said = f"{self.through}, where {self.by} lets it write"
        return said if self.stopped else f"{said}, and AWS does not stop such a loop"


def turn(feed: Feed, last: Feed, rights: Rights, shelf: Shelf, role: str) -> Turn | None:
    """How a workload starts what is behind this feed; None if its role cannot write there, or writes nothing that the filter lets pass."""
    if feed.kind == "bucket" and not _made(feed.filters):
        return None
    statement, certain, precise = rights.writing(
        shelf.kind, shelf, feed.source, _objects(feed) if feed.kind == "bucket" else ()
    )
    if not statement:
        return None
    stopped = feed.kind in STOPPED_BY_PROVIDER and last.kind in STOPPED_BY_PROVIDER
    through = feed.source_name if feed is last else f"{feed.source_name} and {last.source_name}"
    # Whether each turn of a queue or stream writes again is up to code; a bucket tells of every object.
    sure = (
        certain and precise and feed.kind == "bucket" and not any(each.startswith("pattern ") for each in feed.filters)
    )
    return Turn(through, f"{statement} of role {role}", sure, stopped)


def _made(filters: Sequence[str]) -> bool:
    """Whether the bucket tells of objects that are made, and not only of those that are deleted, restored or the like."""
    events = [each.removeprefix("event ") for each in filters if each.startswith("event ")]
    return not events or any(each.startswith("s3:ObjectCreated:") for each in events)


def _objects(feed: Feed) -> tuple[str, ...]:
    """The pattern of the object names that the bucket tells of, as part of an ARN."""
    prefix = next((each.removeprefix("prefix ") for each in feed.filters if each.startswith("prefix ")), "")
    suffix = next((each.removeprefix("suffix ") for each in feed.filters if each.startswith("suffix ")), "")
    return (f"/{prefix}*{suffix}",)
