"""Where the entries of a zip archive are: its directory, read without believing any of the numbers in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import AssaybookError

Source = bytes | Path
# Source: APPNOTE.TXT - .ZIP File Format Specification 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4.4 and 4.5.3.
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_LOCATOR, _END64 = struct.Struct("<4sIQI"), struct.Struct("<4sQ2H2I4Q")
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_UTF8 = 0x0800
_FULL, _FULL64 = 0xFFFF, 0xFFFFFFFF
LONGEST_COMMENT = 0xFFFF
LONGEST_NAME = 4096


class RefusedArchive(AssaybookError):
    """An archive that is not read at all, and the one reason why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory tells of one entry; `path` is its name as text, `raw` the bytes of it, `header` where its own header begins."""

    path: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    attributes: int
    header: int


def read_bytes(source: Source, start: int, length: int) -> bytes:
    """A part of an archive; shorter where it ends before."""
    if isinstance(source, bytes):
        return source[start : start + length]
    with source.open("rb") as stream:
        stream.seek(start)
        return stream.read(length)


def directory_of(source: Source, length: int, most: int) -> tuple[bytes, int, int]:
    """The central directory, where it begins, and how many bytes stand before the archive (a program that unpacks itself)."""
    tail_start = max(0, length - LONGEST_COMMENT - _END.size)
    tail = read_bytes(source, tail_start, length - tail_start)
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0 and place + _END.size <= len(tail):
        end = _END.unpack_from(tail, place)
        if place + _END.size + end[7] == len(tail):
            break
        place = tail.rfind(b"PK\x05\x06", 0, place)
    else:
        raise RefusedArchive("it is no zip archive, or its end is missing")
    _, disk, disk_of, here, count, size, offset, _ = end
    end_at = tail_start + place
    if _FULL in (disk, disk_of, here, count) or _FULL64 in (size, offset):
        end_at, disk, disk_of, here, count, size, offset = _end64(source, end_at)
    if disk or disk_of or here != count:
        raise RefusedArchive("it is one part of several")
    if count > most or size > most * (_CENTRAL.size + LONGEST_NAME):
        raise RefusedArchive(f"it has more than {most} entries")
    start = end_at - size
    if start < 0 or offset > start:
        raise RefusedArchive("its directory is not where it says")
    directory = read_bytes(source, start, size)
    if _count(directory) != count:
        raise RefusedArchive("it has another number of entries than it says")
    return directory, start, start - offset


def _end64(source: Source, end_at: int) -> tuple[int, int, int, int, int, int, int]:
    locator = read_bytes(source, max(0, end_at - _LOCATOR.size), _LOCATOR.size)
    if len(locator) < _LOCATOR.size or locator[:4] != b"PK\x06\x07":
        raise RefusedArchive("its sizes are those of a large archive, and it has no directory of one")
    _, disk, offset, disks = _LOCATOR.unpack(locator)
    # Where something stands before the archive the record is not at its offset, but it ends where its locator begins.
    for place in (offset, end_at - _LOCATOR.size - _END64.size):
        record = read_bytes(source, max(0, place), _END64.size)
        if (
            len(record) == _END64.size
            and record[:4] == b"PK\x06\x06"
            and place + 12 + _END64.unpack(record)[1] == end_at - _LOCATOR.size
        ):
            _, _, _, _, own, own_of, here, count, size, start = _END64.unpack(record)
            return place, own or disk, own_of or disks > 1, here, count, size, start
    raise RefusedArchive("its directory of a large archive is damaged")


def _count(directory: bytes) -> int:
    """How many entries a directory holds. Raises RefusedArchive if it does not consist of whole ones."""
    place = number = 0
    while place < len(directory):
        if directory[place : place + 4] != b"PK\x01\x02" or place + _CENTRAL.size > len(directory):
            # A digital signature may follow the entries; nobody uses it.
            raise RefusedArchive("its directory is damaged")
        place += _CENTRAL.size + sum(struct.unpack_from("<3H", directory, place + 28))
        number += 1
    if place != len(directory):
        raise RefusedArchive("its directory is damaged")
    return number


def entries_of(directory: bytes, shift: int) -> Iterator[Entry]:
    """The entries of a directory that was found to be whole. Raises RefusedArchive if sizes are missing."""
    place = 0
    while place < len(directory):
        _, _, _, flags, method, _, _, crc, packed, size, *lengths, _, _, attributes, header = _CENTRAL.unpack_from(
            directory, place
        )
        name_length, extra_length, comment_length = lengths
        name_at = place + _CENTRAL.size
        raw = directory[name_at : name_at + name_length]
        extra = directory[name_at + name_length : name_at + name_length + extra_length]
        size, packed, header = _large(extra, size, packed, header)
        yield Entry(_path(raw, flags), raw, flags, method, crc, packed, size, attributes, header + shift)
        place = name_at + name_length + extra_length + comment_length


def _large(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Size, packed size and offset, from the field for large archives where they are marked to be there."""
    place = 0
    found = list(values)
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            field = extra[place + 4 : place + 4 + length]
            for index, value in enumerate(values):
                if value == _FULL64:
                    if len(field) < 8:
                        raise RefusedArchive("the sizes of an entry are missing")
                    found[index], field = int.from_bytes(field[:8], "little"), field[8:]
            break
        place += 4 + length
    return found[0], found[1], found[2]


def _path(raw: bytes, flags: int) -> str:
    """The name of an entry as text, without what means nothing in it (`./`, doubled slashes)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "backslashreplace") if flags & _UTF8 else raw.decode("cp437")
    if text.startswith("/"):
        return text
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return "/".join(parts) + ("/" if text.endswith("/") else "")


def spans_of(source: Source, entries: Sequence[Entry], first: int) -> list[tuple[int, str]]:
    """Where the content of each entry begins, and what its own header denies. Raises RefusedArchive where entries share bytes."""
    made: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for entry in entries:
        header = read_bytes(source, entry.header, _LOCAL.size) if 0 <= entry.header < first else b""
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise RefusedArchive("an entry is not where the directory says")
        _, _, flags, method, _, _, _, packed, size, name_length, extra_length = _LOCAL.unpack(header)
        start = entry.header + _LOCAL.size + name_length + extra_length
        name = read_bytes(source, entry.header + _LOCAL.size, name_length)
        taken.append((entry.header, start + entry.packed))
        problem = ""
        if name != entry.raw or method != entry.method or (flags ^ entry.flags) & ENCRYPTED:
            problem = "its own header and the directory tell different things"
        elif not flags & 0x0008 and _FULL64 not in (packed, size) and (packed, size) != (entry.packed, entry.size):
            problem = "its own header and the directory tell different sizes"
        made.append((start, problem))
    taken.sort()
    ends = [*(begin for begin, _ in taken[1:]), first]
    if any(end > following for (_, end), following in zip(taken, ends, strict=False)):
        raise RefusedArchive("its entries overlap")
    return made
