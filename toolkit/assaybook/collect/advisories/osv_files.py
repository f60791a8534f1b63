"""Advisories from a folder or archive in the form of OSV, as its exports come (one `all.zip` for each ecosystem) or unpacked. Needs no network."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ...code.advisories import canonical_name
from .asked import Answered, Asked, Unreached, by_name

# One record is some kilobytes; a database has some hundred thousand of them.
LARGEST_RECORD, MOST_RECORDS = 8_000_000, 3_000_000
_NAME, _ECOSYSTEM = re.compile(rb'"name"\s*:\s*"([^"]+)"'), re.compile(rb'"ecosystem"\s*:\s*"([^":]+)')
_MODIFIED = re.compile(rb'"modified"\s*:\s*"(\d{4}-\d\d-\d\d[T ][\d:.]+)[^"]*"')


def ask_osv_files(path: Path, asked: tuple[Asked, ...]) -> Answered:
    """What the records under a path say. Raises Unreached if there is none to read."""
    found = Answered(f"OSV files {path.name}", asked)
    wanted = by_name(asked)
    names = {name.encode() for _, name in wanted}
    count = 0
    for content in _records(path, found):
        count += 1
        if count > MOST_RECORDS:
            raise Unreached(f"{path} holds more than {MOST_RECORDS:,} records")
        _look(content, names, wanted, found)
    if not count:
        raise Unreached(f"{path} holds no advisory in the form of OSV")
    found.answered = {each for each in asked if each.ecosystem in found.dates and each.version}
    return found


def _look(content: bytes, names: set[bytes], wanted: Mapping[tuple[str, str], list[Asked]], found: Answered) -> None:
    """Most records are about packages that nobody asked for: those are passed over without parsing them."""
    modified = _MODIFIED.search(content)
    ecosystems = {each.decode("ascii", "replace") for each in _ECOSYSTEM.findall(content)}
    if modified:
        date = modified[1].decode("ascii").replace(" ", "T").partition(".")[0]
        for each in ecosystems:
            found.dates[each] = max(found.dates.get(each, ""), date)
    if not any(_canonical(each, ecosystems) & names for each in _NAME.findall(content)):
        return
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        found.problems.append("a record is no JSON")
        return
    if isinstance(record, Mapping):
        found.keep(record, wanted)


def _canonical(name: bytes, ecosystems: set[str]) -> set[bytes]:
    said = name.decode("utf-8", "replace").replace("\\/", "/")
    return {canonical_name(each, said).encode() for each in ecosystems} | {name}


def _records(path: Path, found: Answered) -> Iterator[bytes]:
    if path.is_file():
        yield from _packed(path, found) if zipfile.is_zipfile(path) else _plain(path, found)
        return
    if not path.is_dir():
        raise Unreached(f"{path} is neither a folder nor a file")
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            each = Path(folder) / name
            if name.endswith(".zip"):
                yield from _packed(each, found)
            elif name.endswith(".json"):
                yield from _plain(each, found)


def _plain(path: Path, found: Answered) -> Iterator[bytes]:
    try:
        if path.stat().st_size <= LARGEST_RECORD:
            yield path.read_bytes()
        else:
            found.problems.append(f"{path.name} is larger than a record may be")
    except OSError as problem:
        found.problems.append(f"{path.name}: {problem.strerror}")


def _packed(path: Path, found: Answered) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.endswith(".json"):
                    with archive.open(info) as stream:
                        content = stream.read(LARGEST_RECORD + 1)
                    if len(content) <= LARGEST_RECORD:
                        yield content
                    else:
                        found.problems.append(f"{info.filename} is larger than a record may be")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        # What was read before still counts, but nothing may be taken for answered by a database that is broken off.
        raise Unreached(f"{path.name} is no archive that can be read to its end ({problem})") from problem
