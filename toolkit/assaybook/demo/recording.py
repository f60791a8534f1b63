"""The recording: raw answers of the demo account, by what was asked.

A compressed JSON file. Values that look like secrets stand in it as a mark, and their pieces in a list of their own: no part of the
file looks like a secret to a scanner, and playing the recording joins them again.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "assaybook-recording/1"
KEPT_HEADERS = ("content-type", "x-amzn-errortype", "x-amz-bucket-region")


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """What was asked: client, operation, region, and the parameters (page token included) as one text."""

    service: str
    operation: str
    region: str
    params: str

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} in {self.region} with {self.params}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw answer."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class Recording:
    """All answers. `at` is the moment at which the account stood still (UTC, ISO 8601)."""

    account: str
    regions: tuple[str, ...]
    at: str
    answers: dict[Question, Answer] = field(default_factory=dict)


def question(service: str, operation: str, region: str, params: Mapping[str, Any]) -> Question:
    """The question that a call with these parameters asks."""
    text = json.dumps(params, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return Question(service, operation, region, text)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that botocore looks at, in lower case."""
    found = {name.lower(): str(value) for name, value in headers.items()}
    return {name: found[name] for name in KEPT_HEADERS if name in found}


def packed(recording: Recording, secrets: Mapping[str, Iterable[str]]) -> bytes:
    """The file's bytes; the same recording gives the same bytes. `secrets` maps names to pieces.

    Raises ValueError if a secret stands in a question, where it would have to be legible.
    """
    pieces = {name: list(each) for name, each in sorted(secrets.items())}
    listed = []
    for asked, answer in sorted(recording.answers.items()):
        body = answer.body
        for name, parts in pieces.items():
            body = body.replace("".join(parts), _mark(name))
            if "".join(parts) in asked.params:
                raise ValueError(f"{asked.service}:{asked.operation} asks with the value {name!r}")
        listed.append(
            [asked.service, asked.operation, asked.region, asked.params, answer.status, dict(answer.headers), body]
        )
    document = {
        "format": FORMAT,
        "account": recording.account,
        "regions": list(recording.regions),
        "at": recording.at,
        "pieces": pieces,
        "answers": listed,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Without a time in its head, and with the operating system left unnamed.
    data = bytearray(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    data[9] = 255
    return bytes(data)


def unpacked(data: bytes) -> Recording:
    """The recording that a file's bytes hold. Raises ValueError if it is of another format."""
    document = json.loads(gzip.decompress(data))
    if document.get("format") != FORMAT:
        raise ValueError(f"the recording is of the format {document.get('format')!r} and not {FORMAT}")
    joined = {_mark(name): "".join(parts) for name, parts in document["pieces"].items()}
    recording = Recording(document["account"], tuple(document["regions"]), document["at"])
    for service, operation, region, params, status, headers, body in document["answers"]:
        if "\u27e6" in body:
            for mark, value in joined.items():
                body = body.replace(mark, value)
        recording.answers[Question(service, operation, region, params)] = Answer(status, headers, body)
    return recording


def load(path: Path) -> Recording:
    """Read a recording. Raises OSError, ValueError."""
    return unpacked(path.read_bytes())


def _mark(name: str) -> str:
    return f"\u27e6joined: {name}\u27e7"
