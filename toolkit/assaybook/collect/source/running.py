"""What runs in a region, from its listings: which versions of which functions are in use, and which of them share one code."""

from __future__ import annotations

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...capture import Capture
from ...code.package import Entry

LISTED, ALIASES = "lambda:ListFunctions", "lambda:ListAliases"
LATEST = "$LATEST"
# As much is held at once: the address of a package is good for ten minutes, and memory is bounded.
BATCH, BATCH_BYTES = 16, 128 << 20


@dataclass(frozen=True)
class Code:
    """Functions and versions that run the same code with the same layers; asked for by the first of them."""

    params: Mapping[str, str]
    sha256: str
    size: int
    layers: tuple[str, ...]
    foreign: tuple[str, ...]
    name: str
    entries: tuple[Entry, ...]


def in_use(captures: Sequence[Capture]) -> list[Mapping[str, Any]]:
    """The records of each function as it is, and of each version that an alias points to."""
    used = _used(captures)
    functions = [each for listing in captures if listing.call == LISTED for each in _records(listing, "Functions")]
    return [
        each
        for each in functions
        if each.get("Version") == LATEST or (each.get("FunctionName"), each.get("Version")) in used
    ]


def distinct(functions: Sequence[Mapping[str, Any]], account: str) -> list[Code]:
    """Each code once, with all functions that run it, in a defined order."""
    groups: defaultdict[tuple[str, tuple[str, ...]], list[Mapping[str, Any]]] = defaultdict(list)
    for each in functions:
        groups[_sha256(each), _layers_of(each)].append(each)
    made = []
    for (sha256, layers), of_it in groups.items():
        first = min(of_it, key=name_of)
        params = {"FunctionName": str(first.get("FunctionName", ""))}
        if first.get("Version") != LATEST:
            params["Qualifier"] = str(first.get("Version"))
        size = first.get("CodeSize")
        made.append(
            Code(
                params,
                sha256,
                size if isinstance(size, int) else 0,
                tuple(arn for arn in layers if arn.split(":")[4:5] == [account]),
                tuple(arn for arn in layers if arn.split(":")[4:5] != [account]),
                name_of(first),
                tuple(
                    sorted(
                        {entry_of(each) for each in of_it}, key=lambda each: (each.workload, each.handler, each.runtime)
                    )
                ),
            )
        )
    return sorted(made, key=lambda each: each.name)


def batches(codes: Sequence[Code]) -> Iterator[list[Code]]:
    """The codes in groups that may be held in memory together."""
    batch: list[Code] = []
    for each in codes:
        if batch and (len(batch) >= BATCH or sum(one.size for one in batch) + each.size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _used(captures: Iterable[Capture]) -> set[tuple[Any, Any]]:
    """Name and version of what aliases point to."""
    found: set[tuple[Any, Any]] = set()
    for capture in captures:
        if capture.call == ALIASES:
            for each in _records(capture, "Aliases"):
                weights = member(member(each, "RoutingConfig"), "AdditionalVersionWeights")
                for version in (each.get("FunctionVersion"), *weights):
                    found.add((capture.params.get("FunctionName"), version))
    return found


def _records(capture: Capture, member: str) -> list[Mapping[str, Any]]:
    found = capture.answer.get(member)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def member(value: Any, name: str) -> Mapping[str, Any]:
    """A member that is an object; an empty one if it is none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def name_of(function: Mapping[str, Any]) -> str:
    """The ARN of a function, with its version where that is not the latest."""
    arn = _workload(function)
    version = str(function.get("Version", LATEST))
    return arn if version == LATEST else f"{arn}:{version}"


def _workload(function: Mapping[str, Any]) -> str:
    return ":".join(str(function.get("FunctionArn", "")).split(":")[:7])


def entry_of(function: Mapping[str, Any]) -> Entry:
    """Where Lambda starts the code of a function."""
    return Entry(_workload(function), str(function.get("Handler") or ""), str(function.get("Runtime") or ""))


def _sha256(function: Mapping[str, Any]) -> str:
    said = str(function.get("CodeSha256", ""))
    try:
        return b64decode(said, validate=True).hex() or name_of(function)
    except ValueError:
        return name_of(function)


def _layers_of(function: Mapping[str, Any]) -> tuple[str, ...]:
    found = function.get("Layers")
    listed = found if isinstance(found, list) else []
    return tuple(str(each.get("Arn", "")) for each in listed if isinstance(each, Mapping))
