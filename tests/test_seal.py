"""The seal: what goes in comes out, and no byte changes unseen."""

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.canonical import canonical
from assaybook.capture import Capture, Target
from assaybook.seal import SealError, open_seal, verify_seal, write_seal

EAST, WEST = Target("aws", "111122223333", "us-east-1"), Target("aws", "111122223333", "eu-west-1")
AS_OF = "2026-11-16T09:00:00Z"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


def captures() -> list[Capture]:
    return [
        Capture(
            "lambda:ListFunctions",
            EAST,
            {},
            "ok",
            {"Functions": [{"FunctionName": "orders-api"}]},
            at=AS_OF,
            pages=1,
            records=1,
        ),
        Capture(
            "lambda:GetPolicy",
            EAST,
            {"FunctionName": "orders-api"},
            "absent",
            code="ResourceNotFoundException",
            request_ids=("a", "b"),
        ),
        Capture(
            "lambda:ListFunctions", WEST, {}, "denied", code="AccessDeniedException", permission="lambda:ListFunctions"
        ),
    ]


def written(folder: Path, given: list[Capture] | None = None) -> tuple[Path, str]:
    path = folder / "evidence.seal"
    digest = write_seal(
        path,
        captures() if given is None else given,
        plan="standard",
        started=AS_OF,
        as_of=AS_OF,
        principals=["arn:aws:iam::111122223333:role/audit"],
        synthetic=True,
    )
    return path, digest


def test_what_goes_in_comes_out_numbered(tmp_path: Path) -> None:
    path, digest = written(tmp_path)
    seal = open_seal(path)
    assert seal.digest == digest == verify_seal(path)[0]
    assert [each.ref for each in seal.captures] == ["E-0001", "E-0002", "E-0003"]
    assert {(each.call, each.target, each.state, each.request_ids) for each in seal.captures} == {
        (each.call, each.target, each.state, each.request_ids) for each in captures()
    }
    assert seal.manifest.synthetic
    assert seal.manifest.parts[1].calls["lambda:GetPolicy"] == {"absent": 1, "pages": 0, "records": 0, "requests": 1}


def test_is_readable_by_its_owner_only_and_the_same_each_time(tmp_path: Path) -> None:
    first, _ = written(tmp_path / "one")
    second, _ = written(tmp_path / "two")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert first.read_bytes() == second.read_bytes()


def test_every_single_changed_byte_is_refused(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    whole = path.read_bytes()
    damaged = tmp_path / "damaged.seal"
    for place in range(len(whole)):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :])
        with pytest.raises(SealError):
            open_seal(damaged)


@pytest.mark.parametrize(
    "part", ["manifest.json", "parts/aws-111122223333-us-east-1.jsonl", "parts/aws-111122223333-eu-west-1.jsonl"]
)
def test_the_damaged_part_is_named(tmp_path: Path, part: str) -> None:
    path, _ = written(tmp_path)
    name = part if part == "manifest.json" else f"{part}.gz"
    with zipfile.ZipFile(path) as archive:
        content = archive.read(name)
    whole = path.read_bytes()
    middle = whole.index(content) + len(content) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :])
    with pytest.raises(SealError, match=part):
        open_seal(path)
    _, checks = verify_seal(path)
    assert [check.path for check in checks if check.problem] == [part]


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_cut_files_are_refused(tmp_path: Path, cut: int) -> None:
    path, _ = written(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SealError):
        open_seal(path)


def test_appended_bytes_are_refused(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(SealError):
        open_seal(path)


def test_a_member_that_was_added_is_refused(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    buffer = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("more.json", "{}")
    path.write_bytes(buffer.getvalue())
    with pytest.raises(SealError, match="container"):
        open_seal(path)


def test_a_rewritten_manifest_has_another_digest(tmp_path: Path) -> None:
    path, digest = written(tmp_path)
    other = [*captures()[:-1]]
    _, changed = written(tmp_path / "other", other)
    assert changed != digest
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["root"] and manifest["tool"]["name"] == "assaybook"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path, _ = written(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        written(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["evidence.seal"]
    assert path.read_bytes() == before


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), JSON, max_size=4), max_size=4
    )
)
def test_any_answer_survives(tmp_path_factory: pytest.TempPathFactory, answers: list[dict[str, object]]) -> None:
    folder = tmp_path_factory.mktemp("seal")
    kept = [Capture("a:B", EAST, {"n": str(number)}, "ok", answer) for number, answer in enumerate(answers)]
    path, digest = written(folder, kept)
    seal = open_seal(path)
    assert [canonical(each.answer) for each in seal.captures] == [canonical(each.answer) for each in kept]
    assert written(folder / "again", list(seal.captures))[1] == digest
