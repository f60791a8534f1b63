"""Writing, opening and verifying seals."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from .. import __version__
from ..canonical import canonical, sha256
from ..capture import STATES, Capture, Target
from ..errors import AssaybookError
from ..files import write_atomically
from .manifest import Manifest, Part, calls_made

SEAL_SUFFIX = ".seal"
MANIFEST, PACKING = "manifest.json", "packing.json"
LARGEST_PART = 4 << 30
TOGETHER = 1000
_EPOCH = (1980, 1, 1, 0, 0, 0)


class SealError(AssaybookError):
    """A seal cannot be used: what is wrong, in which part, what to do."""


@dataclass(frozen=True, slots=True)
class Seal:
    """An opened seal: its manifest, the digest that identifies it, and its captures, numbered."""

    manifest: Manifest
    digest: str
    captures: tuple[Capture, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class PartCheck:
    """What verification found of one part; `problem` is empty if it is intact."""

    path: str
    bytes: int
    captures: int
    sha256: str
    problem: str = ""


def write_seal(
    path: Path,
    captures: Iterable[Capture],
    *,
    plan: str,
    started: str,
    as_of: str,
    principals: Sequence[str],
    synthetic: bool = False,
) -> str:
    """Write a seal with mode 0600 and give its digest. Nothing half-written is left behind.

    `captures` come in the order that they are to keep within their target. Raises OSError if the file cannot be written.
    """
    grouped: defaultdict[Target, list[Capture]] = defaultdict(list)
    for capture in captures:
        grouped[capture.target].append(capture)
    contents = {target: _lines(grouped[target]) for target in sorted(grouped)}
    parts = tuple(_part(target, grouped[target], data, as_of) for target, data in contents.items())
    manifest = Manifest(__version__, plan, started, as_of, tuple(principals), synthetic, parts)
    sealed = canonical(manifest.document())
    packed = {part.path: _gzip(data) for part, data in zip(parts, contents.values(), strict=True)}
    write_atomically(path, _container(sealed, packed), mode=0o600)
    return sha256(sealed)


def open_seal(path: Path) -> Seal:
    """Open a seal and check every byte of it. Raises SealError naming the part that is not intact, OSError if it cannot be read."""
    manifest, digest, contents, checks = _read(path)
    broken = [f"{check.path}: {check.problem}" for check in checks if check.problem]
    if broken or manifest is None:
        raise SealError(f"{path} is not intact ({'; '.join(broken)}). Use the original file, or collect again.")
    numbers = count(1)
    captures = tuple(
        _capture(document, part, path, next(numbers))
        for part in manifest.parts
        for document in _documents(contents.pop(part.path).splitlines(), part, path)
    )
    return Seal(manifest, digest, captures, str(path))


def verify_seal(path: Path) -> tuple[str, tuple[PartCheck, ...]]:
    """The digest (empty if the manifest itself is broken) and what was found of each part. Raises OSError if it cannot be read."""
    _, digest, _, checks = _read(path)
    return digest, checks


def _lines(captures: Sequence[Capture]) -> bytes:
    return b"".join(canonical(_document(capture)) + b"\n" for capture in captures)


def _document(capture: Capture) -> dict[str, Any]:
    document = {name: value for name, value in asdict(capture).items() if name not in ("target", "ref")}
    document["request_ids"] = list(capture.request_ids)
    return document


def _documents(lines: Sequence[bytes], part: Part, path: Path) -> Iterator[Any]:
    """The lines of a part, read many at once: what is read together shares the texts of its keys, which are most of the memory."""
    for start in range(0, len(lines), TOGETHER):
        try:
            yield from json.loads(b"[" + b",".join(lines[start : start + TOGETHER]) + b"]")
        except ValueError as problem:
            raise SealError(f"{path}: {part.path} holds a line that is no capture ({problem}).") from problem


def _capture(document: Any, part: Part, path: Path, number: int) -> Capture:
    try:
        given = {"target": part.target, "request_ids": tuple(document["request_ids"]), "ref": f"E-{number:04d}"}
        made = Capture(**{**document, **given})
    except (TypeError, KeyError) as problem:
        raise SealError(f"{path}: {part.path} holds a line that is no capture ({problem}).") from problem
    if made.state not in STATES:
        raise SealError(f"{path}: {part.path} holds a capture in the unknown state {made.state!r}.")
    return made


def _part(target: Target, captures: Sequence[Capture], data: bytes, as_of: str) -> Part:
    latest = max((capture.at for capture in captures if capture.at), default=as_of)
    name = f"parts/{target.provider}-{target.account}-{target.region}.jsonl"
    return Part(name, target, len(data), sha256(data), len(captures), latest, calls_made(captures))


def _gzip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="", compresslevel=6) as packer:
        packer.write(data)
    return buffer.getvalue()


def _container(manifest: bytes, packed: Mapping[str, bytes]) -> bytes:
    packing = canonical({path: {"bytes": len(data), "sha256": sha256(data)} for path, data in packed.items()})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        members = {MANIFEST: manifest, PACKING: packing, **{f"{path}.gz": data for path, data in packed.items()}}
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100600 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _read(path: Path) -> tuple[Manifest | None, str, dict[str, bytes], tuple[PartCheck, ...]]:
    whole = path.read_bytes()
    try:
        archive = zipfile.ZipFile(io.BytesIO(whole))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as damage:
        raise SealError(f"{path} is not a seal, or its container was damaged ({damage}).") from damage
    with archive:
        sealed, problem = _member(archive, MANIFEST)
        manifest, reason = (None, problem) if problem else _manifest(sealed)
        if manifest is None:
            return None, "", {}, (PartCheck(MANIFEST, len(sealed), 0, "", reason),)
        contents, packed, checks = _parts(archive, manifest)
    if not any(check.problem for check in checks) and _container(sealed, packed) != whole:
        checks.append(PartCheck("container", len(whole), 0, "", "bytes outside the parts were changed"))
    intact = PartCheck(MANIFEST, len(sealed), 0, sha256(sealed))
    return manifest, sha256(sealed), contents, (intact, *checks)


def _manifest(sealed: bytes) -> tuple[Manifest | None, str]:
    try:
        document = json.loads(sealed)
        manifest = Manifest.of(document)
        if canonical(document) != sealed:
            return None, "it is not in canonical form"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        return None, f"it cannot be read ({type(problem).__name__}: {problem})"
    return manifest, ""


def _parts(archive: zipfile.ZipFile, manifest: Manifest) -> tuple[dict[str, bytes], dict[str, bytes], list[PartCheck]]:
    contents: dict[str, bytes] = {}
    packed: dict[str, bytes] = {}
    checks: list[PartCheck] = []
    for part in manifest.parts:
        packed[part.path], problem = _member(archive, f"{part.path}.gz")
        if not problem:
            contents[part.path], problem = _unpacked(packed[part.path], part)
        found = sha256(contents.get(part.path, b"")) if not problem else ""
        checks.append(PartCheck(part.path, part.bytes, part.captures, found, problem))
    return contents, packed, checks


def _unpacked(data: bytes, part: Part) -> tuple[bytes, str]:
    if part.bytes > LARGEST_PART:
        return b"", f"it is larger than {LARGEST_PART} bytes"
    try:
        content = gzip.GzipFile(fileobj=io.BytesIO(data)).read(part.bytes + 1)
    except (OSError, EOFError, zlib.error) as damage:
        return b"", f"it cannot be unpacked ({damage})"
    if len(content) != part.bytes or sha256(content) != part.sha256:
        return b"", "its content is not what the manifest says"
    return content, ""


def _member(archive: zipfile.ZipFile, name: str) -> tuple[bytes, str]:
    try:
        entry = archive.getinfo(name)
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 0x1:
            return b"", "its entry was changed"
        return archive.read(entry), ""
    except KeyError:
        return b"", "it is missing"
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as problem:
        return b"", f"it cannot be read ({problem})"
