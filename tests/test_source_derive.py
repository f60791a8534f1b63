"""Facts of packages: made once for a content, redacted, and never lost when something breaks."""

import gzip
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from assaybook.capture import FAILED, OK, Target
from assaybook.code.extractors import EXTRACTORS
from assaybook.code.package import Entry, HeldFile, Package, Program, Reading, UnreadableFile
from assaybook.collect.source import cache as cache_module
from assaybook.collect.source import derive as module
from assaybook.collect.source.cache import FactCache, default_folder, key_of
from assaybook.collect.source.claims import Unread
from assaybook.collect.source.derive import ReadingOptions, derive, facts_of

KEY = bytes(32)
HERE = Target("source", "app", "tree")
SECRET = "AK" + "IA" + "QZ7XM2P4L9T3WK5B"


def package(files: Mapping[str, str], name: str = "fn", **more: Any) -> Package:
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    return Package(
        name, "folder", {path: HeldFile(text.encode()) for path, text in sorted(files.items())}, digest, **more
    )


def of(captures: Any, call: str = "code:Package") -> Any:
    return next(each for each in captures if each.call == call)


def test_what_was_read_is_told() -> None:
    files = {
        "app.py": "def handler(event, context):\n    return 1\n",
        "old.py": "print 'x'\n",
        "Main.java": "",
        "run.sh": "",
        "data.txt": "",
    }
    made = package(files, entries=(Entry("arn:x", "app.handler", "python3.12"),), located="src/fn")
    captures = derive([(made, HERE)], ReadingOptions(KEY), "2026-01-02T00:00:00+00:00")
    capture = of(captures)
    assert capture.state == OK and capture.params == {"package": "fn"} and capture.target == HERE
    answer = capture.answer
    assert (answer["files"], answer["parsed"], answer["languages"], answer["others"]) == (
        5,
        1,
        {"python": 1},
        {"Java": 1, "shell": 1},
    )
    assert [(each["path"], each["line"]) for each in answer["unparsed"]] == [
        ("src/fn/Main.java", 0),
        ("src/fn/old.py", 1),
    ]
    assert answer["entries"] == [
        {"workload": "arn:x", "handler": "app.handler", "runtime": "python3.12", "provider": "aws", "guessed": False}
    ]
    assert answer["sha256"] == made.sha256 and answer["extractor"]


def test_a_package_that_is_not_read_is_a_capture_for_every_extractor() -> None:
    unread = Unread(
        "x.zip",
        FAILED,
        "refused",
        "x.zip is not read: it is no zip archive",
        (Entry("arn:x", "a.b"),),
        "template.yaml:3",
    )
    captures = derive([(unread, HERE)], ReadingOptions(KEY), "now")
    assert {each.call for each in captures} == set(EXTRACTORS)
    assert all(
        each.state == FAILED and each.reason == "refused" and each.where == "template.yaml:3" for each in captures
    )
    assert of(captures).answer["entries"][0]["workload"] == "arn:x"
    gap = of(captures).gap()
    assert gap is not None and gap.state == FAILED


def broken(program: Program, reading: Reading) -> dict[str, Any]:
    raise KeyError(SECRET)


def test_an_extractor_that_breaks_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "EXTRACTORS", {**EXTRACTORS, "code:Broken": broken})
    options = ReadingOptions(KEY, cache=tmp_path)
    captures = derive([(package({"app.py": ""}), HERE)], options, "now")
    assert of(captures).state == OK
    failed = of(captures, "code:Broken")
    assert (failed.state, failed.reason) == (FAILED, "extractor broke")
    assert failed.message.startswith("KeyError at ") and SECRET not in failed.message
    assert not list(tmp_path.glob("??/*"))


def test_a_reader_that_breaks_fails_all_of_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def reader(package: Package) -> Program:
        raise RecursionError("deep")

    monkeypatch.setattr("assaybook.code.program.read_program", reader)
    captures = derive([(package({"app.py": ""}), HERE)], ReadingOptions(KEY), "now")
    assert all(each.state == FAILED and each.message.startswith("RecursionError") for each in captures)


def leaky(program: Program, reading: Reading) -> dict[str, Any]:
    return {
        "line": program.package.files["app.py"]().decode(),
        "known": reading.fingerprint("x"),
        "shown": reading.code_lines,
    }


def test_every_answer_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXTRACTORS", {"code:Leaky": leaky})
    capture = of(
        derive([(package({"app.py": f"key = '{SECRET}'"}), HERE)], ReadingOptions(KEY, code_lines=False), "now"),
        "code:Leaky",
    )
    assert (
        SECRET not in str(capture) and "[redacted aws-access-key" in capture.answer["line"]
    ) or "[redacted" in capture.answer["line"]
    assert capture.redactions == 1 and capture.answer["shown"] is False


def test_files_that_do_not_give_what_they_announce_are_refused() -> None:
    def lying() -> bytes:
        raise UnreadableFile("b.py: is damaged")

    def gone() -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    made = Package("fn", "zip", {"a.py": HeldFile(b"x = 1"), "b.py": lying, "c.py": gone}, "0" * 64)
    answer = facts_of(made, ReadingOptions(KEY))["code:Package"]["answer"]
    assert answer["files"] == 1
    assert [(each["path"], each["why"]) for each in answer["refused"]] == [
        ("b.py", "is damaged"),
        ("c.py", "No such file or directory"),
    ]


def counting(counted: list[str]) -> Callable[[Program, Reading], dict[str, Any]]:
    def extract(program: Program, reading: Reading) -> dict[str, Any]:
        counted.append(program.package.name)
        return {"n": len(program.package.files)}

    return extract


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(module, "EXTRACTORS", {"code:Package": counting(found)})
    return found


def test_facts_are_made_once_for_a_content(counted: list[str], tmp_path: Path) -> None:
    options = ReadingOptions(KEY, cache=tmp_path)
    first = derive([(package({"app.py": "a"}), HERE)], options, "now")
    second = derive([(package({"app.py": "a"}), HERE)], options, "now")
    assert first == second and counted == ["fn"]
    derive([(package({"app.py": "b"}), HERE)], options, "now")
    assert counted == ["fn", "fn"]


@pytest.mark.parametrize(
    "change",
    [
        lambda made: (package({"app.py": "a"}, "other"), ReadingOptions(KEY)),
        lambda made: (package({"app.py": "a"}, located="x"), ReadingOptions(KEY)),
        lambda made: (package({"app.py": "a"}, entries=(Entry("w", "h"),)), ReadingOptions(KEY)),
        lambda made: (package({"app.py": "a"}, borrowed={"app.py": "x"}), ReadingOptions(KEY)),
        lambda made: (made, ReadingOptions(bytes(31) + b"1")),
        lambda made: (made, ReadingOptions(KEY, code_lines=False)),
    ],
)
def test_whatever_decides_the_facts_is_in_the_key(change: Any, counted: list[str], tmp_path: Path) -> None:
    made = package({"app.py": "a"})
    derive([(made, HERE)], ReadingOptions(KEY, cache=tmp_path), "now")
    other, options = change(made)
    derive([(other, HERE)], ReadingOptions(options.key, options.code_lines, tmp_path), "now")
    assert len(counted) == 2


def test_other_rules_make_other_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = package({"app.py": "a"})
    before = key_of(made, "m", code_lines=True)
    monkeypatch.setattr(cache_module, "extractor_version", lambda: "another")
    assert key_of(made, "m", code_lines=True) != before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"no gzip",
        lambda data: gzip.compress(b"{"),
        lambda data: gzip.compress(b"[]"),
        lambda data: gzip.compress(b'{"format":"assaybook-facts/1"}'),
        lambda data: gzip.compress(gzip.decompress(data).replace(b'"n":1', b'"n":2')),
        lambda data: gzip.compress(b"[" * 100_000),
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
)
def test_damaged_facts_are_made_anew(damage: Any, counted: list[str], tmp_path: Path) -> None:
    options = ReadingOptions(KEY, cache=tmp_path)
    first = derive([(package({"app.py": "a"}), HERE)], options, "now")
    kept = next(tmp_path.glob("??/*"))
    kept.write_bytes(damage(kept.read_bytes()))
    assert derive([(package({"app.py": "a"}), HERE)], options, "now") == first
    assert len(counted) == 2


def test_the_cache_is_its_owners_alone(counted: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    derive([(package({"app.py": "a"}), HERE)], ReadingOptions(KEY, cache=folder), "now")
    kept = next(folder.glob("??/*"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert SECRET.encode() not in gzip.decompress(kept.read_bytes())


def test_a_cache_that_others_may_write_to_is_not_used(counted: list[str], tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    for _ in range(2):
        derive([(package({"app.py": "a"}), HERE)], ReadingOptions(KEY, cache=tmp_path), "now")
    assert len(counted) == 2 and not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_cache_that_cannot_be_made_stops_nothing(place: str, counted: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert derive([(package({"app.py": "a"}), HERE)], ReadingOptions(KEY, cache=tmp_path / place), "now")


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    cache = FactCache(tmp_path, most=3000)
    for number in range(20):
        key = hashlib.sha256(str(number).encode()).hexdigest()
        cache.put(key, {"code:Package": {"noise": os.urandom(150).hex()}})
        os.utime(tmp_path / key[:2] / f"{key}.json.gz", (number, number))
    kept = hashlib.sha256(b"0").hexdigest()
    assert cache.get(kept) is not None
    assert cache.prune() > 0
    assert sum(each.stat().st_size for each in tmp_path.glob("??/*")) <= 3000
    assert cache.get(kept) is not None
    assert cache.get(hashlib.sha256(b"1").hexdigest()) is None
    assert cache.prune() == 0


def test_the_cache_is_in_the_users_folder_for_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "assaybook"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "assaybook"


def many(number: int) -> list[tuple[Package | Unread, Target]]:
    return [(package({f"m{n}.py": f"x = {n}" for n in range(4)}, f"fn{name:02}"), HERE) for name in range(number)]


def test_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = derive(many(6), ReadingOptions(KEY, processes=1), "now")
    monkeypatch.setattr(module, "FEW_FILES", 1)
    assert derive(many(6), ReadingOptions(KEY, processes=2), "now") == alone
    assert [each.params["package"] for each in alone if each.call == "code:Package"] == [f"fn{n:02}" for n in range(6)]


class Deadly:
    """A file that ends whatever process reads it."""

    def __call__(self) -> bytes:
        os._exit(9)


def test_a_package_that_ends_its_process_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW_FILES", 1)
    deadly = Package("deadly", "zip", {"x.py": Deadly()}, "0" * 64)
    captures = derive([*many(5), (deadly, HERE)], ReadingOptions(KEY, processes=2), "now")
    states = {each.params["package"]: (each.state, each.reason) for each in captures if each.call == "code:Package"}
    assert states.pop("deadly") == (FAILED, "process ended")
    assert len(states) == 5 and {state for state, _ in states.values()} == {OK}
