"""What the manifest of a seal says: who collected what, when, with which tool, and the digest of each part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..capture import Capture, Target
from .merkle import merkle_root

FORMAT = "assaybook-seal/1"


@dataclass(frozen=True, slots=True)
class Part:
    """One target's captures: path in the seal, size and SHA-256 of its uncompressed lines, and what was asked."""

    path: str
    target: Target
    bytes: int
    sha256: str
    captures: int
    as_of: str
    calls: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest. `as_of` is when the last answer came; `principals` who asked; `synthetic` marks demo data."""

    tool_version: str
    plan: str
    started: str
    as_of: str
    principals: tuple[str, ...]
    synthetic: bool
    parts: tuple[Part, ...]

    @property
    def root(self) -> str:
        """The Merkle root over (path, bytes, sha256) of the parts."""
        return merkle_root([[part.path, part.bytes, part.sha256] for part in self.parts])

    def document(self) -> dict[str, Any]:
        """The manifest as the JSON value that is sealed."""
        return {
            "format": FORMAT,
            "tool": {"name": "assaybook", "version": self.tool_version},
            "plan": self.plan,
            "started": self.started,
            "as_of": self.as_of,
            "principals": list(self.principals),
            "synthetic": self.synthetic,
            "parts": [asdict(part) for part in self.parts],
            "root": self.root,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Manifest:
        """The manifest in a JSON value. Raises KeyError, TypeError or ValueError if it is none."""
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r}, this version reads {FORMAT}")
        parts = tuple(Part(**{**part, "target": Target(**part["target"])}) for part in document["parts"])
        made = cls(
            tool_version=str(document["tool"]["version"]),
            plan=str(document["plan"]),
            started=str(document["started"]),
            as_of=str(document["as_of"]),
            principals=tuple(map(str, document["principals"])),
            synthetic=bool(document["synthetic"]),
            parts=parts,
        )
        if made.document() != document:
            raise ValueError("the manifest holds more, or other, than it may")
        return made


def calls_made(captures: Sequence[Capture]) -> dict[str, dict[str, int]]:
    """Of each call: how many requests, pages, records, and how many captures in each state."""
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for capture in captures:
        counter = totals[capture.call]
        counter.update({"requests": 1, "pages": capture.pages, "records": capture.records, capture.state: 1})
    return {call: dict(sorted(counter.items())) for call, counter in sorted(totals.items())}
