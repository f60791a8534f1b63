"""Archives as strangers send them: each trick is refused with its reason, and what is in order is read as it is."""

import io
import random
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assaybook.code.archives import ArchiveLimits, RefusedArchive, Unpacked, is_zip, zip_files
from assaybook.code.package import UnreadableFile

LIMITS = ArchiveLimits(entries=50, file=5000, total=20_000, ratio=50, small=500)


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, method)
    return buffer.getvalue()


def info(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


def raw(name: str) -> zipfile.ZipInfo:
    """An entry whose name zipfile would have corrected."""
    made = zipfile.ZipInfo("x")
    made.filename = name
    return made


def why(unpacked: Unpacked) -> dict[str, str]:
    return {each.path: each.why for each in unpacked.refused}


def read(unpacked: Unpacked) -> dict[str, bytes]:
    return {path: file() for path, file in unpacked.files.items()}


def central(data: bytes) -> int:
    return data.rindex(b"PK\x01\x02")


def changed(data: bytes, place: int, form: str, value: int) -> bytes:
    made = bytearray(data)
    struct.pack_into(form, made, place, value)
    return bytes(made)


def test_what_is_in_order_is_read() -> None:
    files = {"app.py": b"print(1)\n" * 40, "lib/é.js": b"//", "empty": b"", "big.bin": random.Random(1).randbytes(3000)}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        unpacked = zip_files(packed(*files.items(), ("lib/", b""), method=method), LIMITS)
        assert read(unpacked) == files
        assert list(unpacked.files) == sorted(files)
        assert unpacked.refused == () and unpacked.notes == ()


def test_an_archive_on_disk_is_read_like_one_in_memory(tmp_path: Path) -> None:
    data = packed(("a.py", b"a"), ("b/c.js", b"c" * 300))
    (tmp_path / "x.zip").write_bytes(data)
    assert read(zip_files(tmp_path / "x.zip")) == read(zip_files(data))
    assert is_zip(data) and not is_zip(b"MZ")


def test_bytes_before_the_archive_do_not_matter() -> None:
    assert read(zip_files(b"#!/bin/sh\nexit\n" + packed(("a.py", b"a")))) == {"a.py": b"a"}


def test_a_comment_at_the_end_does_not_matter() -> None:
    buffer = io.BytesIO(packed(("a.py", b"a")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"PK\x05\x06 looks like an end" + b"x" * 60
    assert read(zip_files(buffer.getvalue())) == {"a.py": b"a"}


def test_large_archives_have_another_directory() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("a.py", "w", force_zip64=True) as stream:
        stream.write(b"a" * 100)
    assert read(zip_files(buffer.getvalue())) == {"a.py": b"a" * 100}


@pytest.mark.parametrize(
    "name",
    ["../up.py", "a/../../up.py", "/etc/passwd", "C:/x.py", "c:x", "a\\b.py", "..\\x", "a\0b", "..", "\\\\host\\x"],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    unpacked = zip_files(packed(("good.py", b"1"), (raw(name), b"2")), LIMITS)
    assert list(unpacked.files) == ["good.py"]
    assert len(unpacked.refused) == 1


@pytest.mark.parametrize(("name", "means"), [("./a.py", "a.py"), ("b//c.py", "b/c.py"), ("./b/./d", "b/d")])
def test_names_that_say_nothing_more_are_made_plain(name: str, means: str) -> None:
    assert list(zip_files(packed((raw(name), b"2")), LIMITS).files) == [means]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (stat.S_IFLNK | 0o777, "symbolic link"),
        (stat.S_IFCHR | 0o666, "device"),
        (stat.S_IFBLK | 0o666, "device"),
        (stat.S_IFIFO | 0o666, "device"),
        (stat.S_IFSOCK | 0o666, "device"),
    ],
)
def test_what_is_no_file_is_refused(mode: int, said: str) -> None:
    unpacked = zip_files(packed((info("a", mode), b"/etc/passwd"), (info("b", stat.S_IFREG | 0o644), b"b")), LIMITS)
    assert read(unpacked) == {"b": b"b"}
    assert said in why(unpacked)["a"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    unpacked = zip_files(packed(("bomb", b"\0" * 4900), ("huge", b"ab" * 4000), ("ok", b"1")), LIMITS)
    assert read(unpacked) == {"ok": b"1"}
    assert "times smaller" in why(unpacked)["bomb"]
    assert "larger than" in why(unpacked)["huge"]


def test_many_small_files_that_make_a_large_whole_are_refused() -> None:
    noise = random.Random(2)
    with pytest.raises(RefusedArchive, match="unpack to more"):
        zip_files(packed(*((f"{n}", noise.randbytes(1000)) for n in range(30))), LIMITS)


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(RefusedArchive, match="more than 50 entries"):
        zip_files(packed(*((f"{n}", b"") for n in range(51))), LIMITS)


def test_an_archive_within_an_archive_stays_a_file() -> None:
    inner = packed(("inner.py", b"x"))
    assert read(zip_files(packed(("a.zip", inner)))) == {"a.zip": inner}


def test_two_different_entries_of_one_name_are_both_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(("a.py", b"one"), ("a.py", b"other"), ("./b.py", b"same"), ("b.py", b"same"))
    unpacked = zip_files(data, LIMITS)
    assert read(unpacked) == {"b.py": b"same"}
    assert "two different entries" in why(unpacked)["a.py"]


def test_a_file_where_a_folder_is_is_refused() -> None:
    unpacked = zip_files(packed(("a", b"1"), ("a/b.py", b"2")), LIMITS)
    assert list(unpacked.files) == ["a/b.py"] and "folder" in why(unpacked)["a"]


def test_names_that_differ_by_case_are_noted_and_read() -> None:
    unpacked = zip_files(packed(("A.py", b"1"), ("a.py", b"2")), LIMITS)
    assert len(unpacked.files) == 2 and len(unpacked.notes) == 2


def test_encrypted_entries_are_refused() -> None:
    data = packed(("a.py", b"a"), ("b.py", b"b"))
    data = changed(data, central(data) + 8, "<H", 1)
    data = changed(data, data.rindex(b"PK\x03\x04") + 6, "<H", 1)
    assert why(zip_files(data, LIMITS)) == {"b.py": "it is encrypted"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_are_refused(method: int) -> None:
    assert "method of compression" in why(zip_files(packed(("a.py", b"a" * 9), method=method), LIMITS))["a.py"]


def test_headers_that_disagree_are_refused() -> None:
    data = bytearray(packed(("good.py", b"1"), ("a.py", b"2")))
    place = data.rindex(b"PK\x03\x04") + 30
    data[place : place + 4] = b"z.py"
    assert "different things" in why(zip_files(bytes(data), LIMITS))["a.py"]


@pytest.mark.parametrize("size", [1, 99, 101, 4000])
def test_sizes_that_lie_are_found_when_read(size: int) -> None:
    data = packed(("a.py", bytes(range(100))))
    for at, offset in ((central(data), 24), (data.index(b"PK\x03\x04"), 22)):
        data = changed(data, at + offset, "<I", size)
    with pytest.raises(UnreadableFile):
        zip_files(data, LIMITS).files["a.py"]()


def test_a_wrong_checksum_is_found_when_read() -> None:
    data = packed(("a.py", b"abc"), method=zipfile.ZIP_STORED).replace(b"abc", b"abd", 1)
    with pytest.raises(UnreadableFile, match="checksum"):
        zip_files(data, LIMITS).files["a.py"]()


def test_entries_that_share_bytes_are_refused() -> None:
    """The bomb that needs no nesting: many entries of the directory point at one stretch of bytes."""
    data = packed(("a.py", b"a" * 90))
    start = central(data)
    end = data.rindex(b"PK\x05\x06")
    entry = data[start:end]
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), start, 0)
    with pytest.raises(RefusedArchive, match="overlap"):
        zip_files(data[:start] + entry + entry + tail, LIMITS)


@pytest.mark.parametrize(
    ("offset", "form", "value"),
    [
        (4, "<H", 1),
        (8, "<H", 9),
        (10, "<H", 9),
        (12, "<I", 7),
        (12, "<I", 0xFFFFFFF),
        (16, "<I", 0xFFFFFFF),
        (10, "<H", 0xFFFF),
        (16, "<I", 0xFFFFFFFF),
    ],
)
def test_a_directory_that_lies_is_refused(offset: int, form: str, value: int) -> None:
    data = packed(("a.py", b"a"), ("b.py", b"b"))
    with pytest.raises(RefusedArchive):
        zip_files(changed(data, data.rindex(b"PK\x05\x06") + offset, form, value), LIMITS)


def test_sizes_of_a_large_archive_that_lie_are_refused() -> None:
    data = packed(("a.py", b"a" * 50))
    with pytest.raises(RefusedArchive, match="unpack to more"):
        zip_files(changed(data, central(data) + 24, "<I", 0xFFFFFFFF), LIMITS)
    extra = struct.pack("<2HQ", 1, 8, 1 << 60)
    start = central(data)
    entry = bytearray(data[start : data.rindex(b"PK\x05\x06")])
    struct.pack_into("<I", entry, 24, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    lying = bytes(entry) + extra
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(lying), start, 0)
    with pytest.raises(RefusedArchive, match="unpack to more"):
        zip_files(data[:start] + lying + tail, LIMITS)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x05\x06", b"hello" * 100, b"\x1f\x8b" + b"0" * 50, b"PK\x03\x04" * 30]
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedArchive):
        zip_files(data, LIMITS)


def test_cut_archives_are_refused() -> None:
    data = packed(("a.py", b"a" * 400), ("b.py", b"b" * 400))
    for end in range(len(data)):
        with pytest.raises(RefusedArchive):
            zip_files(data[:end], LIMITS)


def test_no_changed_byte_breaks_the_reader() -> None:
    """Every byte of a small archive is changed in turn: what is read is the true content, or is refused."""
    files = {"a.py": b"alpha" * 9, "b/c.js": b"beta" * 30}
    data = packed(*files.items())
    for place in range(len(data)):
        for bit in (1, 0x80):
            made = bytearray(data)
            made[place] ^= bit
            try:
                unpacked = zip_files(bytes(made), LIMITS)
                for path, file in unpacked.files.items():
                    assert files.get(path, file()) == file()
            except (RefusedArchive, UnreadableFile):
                continue


@given(some.binary(max_size=300), some.integers(0, 400), some.binary(max_size=60))
def test_no_bytes_break_the_reader(front: bytes, place: int, noise: bytes) -> None:
    data = packed(("a.py", b"alpha" * 9), ("b/c.js", b"beta" * 30))
    for made in (
        front,
        front + data,
        data[:place] + noise + data[place:],
        data[:place] + noise + data[place + len(noise) :],
    ):
        try:
            for file in zip_files(made, LIMITS).files.values():
                file()
        except (RefusedArchive, UnreadableFile, zlib.error) as refused:
            assert not isinstance(refused, zlib.error)
