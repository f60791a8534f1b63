"""Orders of versions, ranges of advisories, severities, statements of exploitability, and the sources: reached, unreached, stale and partial."""

import gzip
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version
from univers.versions import RubygemsVersion

from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.catalogue import load_catalogue
from assaybook.check import put
from assaybook.checks import ALL
from assaybook.code.advisories import (
    VexError,
    base_score,
    canonical_name,
    grouped,
    latest,
    matches,
    names_of,
    read_advisory,
    read_vex,
    version_of,
    word_of_score,
)
from assaybook.code.advisories.admitted import Interval, admitted
from assaybook.code.advisories.severities import severity
from assaybook.code.dependencies import dependencies, repository_files
from assaybook.code.package import Package, Program, Reading
from assaybook.collect import advisories as collecting
from assaybook.collect.advisories import Sources, advisories_for, components_of, fetching
from assaybook.config import load_config
from assaybook.dated import load_dated
from assaybook.evidence import Evidence
from assaybook.model import Finding, Outcome, Severity
from assaybook.shape.source import shape_source
from assaybook.tables.supply_chain import PackageAdvisory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TARGET = Target("source", "shop", "tree")

# From the standards' own examples: Semantic Versioning 2.0.0 item 11, PEP 440, Maven's "Version Order Specification", and each ecosystem's documentation.
ORDERED = {
    "npm": [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ],
    "crates.io": ["0.1.0", "0.2.0-alpha", "0.2.0", "0.10.0", "1.0.0"],
    "Go": ["0.0.0-20190101000000-abcdefabcdef", "0.1.0", "1.9.0", "1.10.0"],
    "PyPI": [
        "1.dev0",
        "1.0.dev456",
        "1.0a1",
        "1.0a2.dev456",
        "1.0a12.dev456",
        "1.0a12",
        "1.0b1.dev456",
        "1.0b2",
        "1.0b2.post345.dev456",
        "1.0b2.post345",
        "1.0rc1.dev456",
        "1.0rc1",
        "1.0",
        "1.0+abc.5",
        "1.0+abc.7",
        "1.0+5",
        "1.0.post456.dev34",
        "1.0.post456",
        "1.0.15",
        "1.1.dev1",
        "1!0.1",
    ],
    "Maven": [
        "1.0-alpha-1",
        "1.0-beta-1",
        "1.0-milestone-1",
        "1.0-rc-1",
        "1.0-SNAPSHOT",
        "1.0",
        "1.0-sp",
        "1.0-whatever",
        "1.0-1",
        "1.0.1",
        "1.1",
        "1.10",
        "2.0.0.Final",
        "2.0.1-jre",
    ],
    "NuGet": ["1.0.0-alpha", "1.0.0-beta", "1.0.0", "1.0.0.1", "1.0.1", "1.10.0"],
    "RubyGems": ["1.0.0.a", "1.0.0.rc1", "1.0.0", "1.0.1", "1.10.0"],
    "Packagist": ["1.0.0-alpha1", "1.0.0-beta1", "1.0.0-RC1", "1.0.0", "1.0.1", "1.10.0"],
}
EQUAL = [
    ("Maven", "1", "1.0"),
    ("Maven", "1.0.0", "1"),
    ("Maven", "1.ga", "1"),
    ("Maven", "1.final", "1"),
    ("Maven", "1-0", "1"),
    ("Maven", "1-a1", "1-alpha-1"),
    ("Maven", "1.0-rc1", "1.0-cr1"),
    ("Maven", "2.0.0.RELEASE", "2.0.0"),
    ("npm", "v1.2.3", "1.2.3"),
    ("npm", "1.2.3+build", "1.2.3"),
    ("PyPI", "1.0", "1.0.0"),
    ("NuGet", "1.0", "1.0.0"),
    ("Go", "1.2.3", "v1.2.3"),
]


@pytest.mark.parametrize("ecosystem", ORDERED)
def test_versions_are_in_the_order_of_their_ecosystem(ecosystem: str) -> None:
    made = [version_of(ecosystem, each) for each in ORDERED[ecosystem]]
    assert None not in made
    for place, low in enumerate(made):
        for high in made[place + 1 :]:
            assert low < high and not high < low and low != high, (ORDERED[ecosystem][place], high)


@pytest.mark.parametrize(("ecosystem", "one", "other"), EQUAL)
def test_equal_versions(ecosystem: str, one: str, other: str) -> None:
    left, right = version_of(ecosystem, one), version_of(ecosystem, other)
    assert left == right and hash(left) == hash(right) and not left < right


@pytest.mark.parametrize(
    ("ecosystem", "said"),
    [
        ("npm", ""),
        ("npm", "latest"),
        ("npm", "1.x"),
        ("PyPI", "abc"),
        ("PyPI", "1" * 300),
        ("Maven", "${x}"),
        ("Maven", ""),
        ("NuGet", "abc"),
        ("Odd", "1.0"),
        ("Maven", "é"),
    ],
)
def test_what_is_no_version(ecosystem: str, said: str) -> None:
    assert version_of(ecosystem, said) is None


@given(
    st.lists(st.sampled_from(["0", "1", "2", "10", "a", "b", "rc", "pre"]), max_size=4),
    st.lists(st.sampled_from(["0", "1", "2", "10", "a", "rc"]), max_size=4),
)
def test_versions_of_gems_agree_with_another_implementation(one: list[str], other: list[str]) -> None:
    left, right = ".".join(["1", *one]), ".".join(["1", *other])
    expected = RubygemsVersion(left), RubygemsVersion(right)
    mine = version_of("RubyGems", left), version_of("RubyGems", right)
    assert (mine[0] < mine[1], mine[0] > mine[1]) == (expected[0] < expected[1], expected[0] > expected[1])


numbers = st.integers(0, 12)
pre = st.lists(st.sampled_from(["alpha", "beta", "rc", "0", "1", "11", "x1"]), max_size=3)


@given(numbers, numbers, numbers, pre, numbers, numbers, numbers, pre)
def test_semantic_versions_agree_with_another_implementation(
    a: int, b: int, c: int, p: list[str], d: int, e: int, f: int, q: list[str]
) -> None:
    one, other = f"{a}.{b}.{c}" + ("-" + ".".join(p) if p else ""), f"{d}.{e}.{f}" + ("-" + ".".join(q) if q else "")
    left, right = version_of("npm", one), version_of("npm", other)
    assert ((left > right) - (left < right)) == semver.Version.parse(one).compare(other)


@given(
    st.lists(
        st.sampled_from(["1", "0", "2", "10", "alpha", "beta", "rc", "sp", "final", "snapshot", "foo", "jre"]),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sampled_from(["1", "0", "2", "10", "alpha", "sp", "ga", "foo"]), min_size=1, max_size=4),
    st.sampled_from(".-"),
)
def test_the_order_of_maven_is_an_order(one: list[str], other: list[str], by: str) -> None:
    left, right = version_of("Maven", by.join(one)), version_of("Maven", by.join(other))
    assert (left < right) + (left == right) + (left > right) == 1
    assert version_of("Maven", by.join([*one, "0"])) is not None
    assert version_of("Maven", by.join(one) + "-0") == left


@pytest.mark.parametrize(
    ("ecosystem", "name", "expected"),
    [
        ("PyPI", "Zope.Interface", "zope-interface"),
        ("PyPI", "a__b", "a-b"),
        ("npm", "@S/p", "@S/p"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Maven", "A:b", "A:b"),
        ("Packagist", "A/b", "a/b"),
    ],
)
def test_canonical_names(ecosystem: str, name: str, expected: str) -> None:
    assert canonical_name(ecosystem, name) == expected


ADMITTED = [
    ("npm", "^1.2.3", Interval("1.2.3", "2.0.0")),
    ("npm", "^0.2.3", Interval("0.2.3", "0.3.0")),
    ("npm", "^0.0.3", Interval("0.0.3", "0.0.4")),
    ("npm", "^0.0", Interval("0.0.0", "0.1.0")),
    ("npm", "^0", Interval("0.0.0", "1.0.0")),
    ("npm", "^1", Interval("1.0.0", "2.0.0")),
    ("npm", "~1.2.3", Interval("1.2.3", "1.3.0")),
    ("npm", "~1", Interval("1.0.0", "2.0.0")),
    ("npm", "~0.2", Interval("0.2.0", "0.3.0")),
    ("npm", "1.2.x", Interval("1.2.0", "1.3.0")),
    ("npm", "1.x", Interval("1.0.0", "2.0.0")),
    ("npm", "1", Interval("1.0.0", "2.0.0")),
    ("npm", "1.2", Interval("1.2.0", "1.3.0")),
    ("npm", "*", Interval()),
    ("npm", ">=1.2.0 <2.0.0", Interval("1.2.0", "2.0.0")),
    ("npm", "<=1.2.0", Interval("", "1.2.0", True)),
    ("npm", "1.2.0 - 1.4.0", Interval("1.2.0", "1.4.0", True)),
    ("npm", "1.2.3", Interval("1.2.3", "1.2.3", True)),
    ("PyPI", "~=2.2", Interval("2.2", "3")),
    ("PyPI", "~=1.4.5", Interval("1.4.5", "1.5")),
    ("PyPI", "==1.2.*", Interval("1.2", "1.3")),
    ("PyPI", "<3,>=2", Interval("2", "3")),
    ("PyPI", "<=1.0", Interval("", "1.0", True)),
    ("PyPI", ">=1.0,!=1.5", Interval("1.0")),
    ("PyPI", "^1.2", Interval("1.2.0", "2.0.0")),
    ("PyPI", "", Interval()),
    ("crates.io", "1.2", Interval("1.2.0", "2.0.0")),
    ("crates.io", "0.3", Interval("0.3.0", "0.4.0")),
]


@pytest.mark.parametrize(("ecosystem", "asked", "expected"), ADMITTED)
def test_what_ranges_admit(ecosystem: str, asked: str, expected: Interval) -> None:
    assert admitted(ecosystem, asked) == (expected,)


@pytest.mark.parametrize(
    ("ecosystem", "asked"),
    [
        ("npm", "next"),
        ("npm", "^1 foo"),
        ("npm", "^1.0.0 || next"),
        ("npm", ">1 >2"),
        ("PyPI", "==1.0,==2.0"),
        ("PyPI", "@x"),
        ("PyPI", "^1,<2"),
        ("Maven", "[1.0,2.0)"),
        ("Go", "1.0"),
    ],
)
def test_ranges_that_are_not_read_admit_nothing_certain(ecosystem: str, asked: str) -> None:
    assert admitted(ecosystem, asked) == ()


@given(numbers, numbers, numbers, numbers, numbers, numbers, st.sampled_from("^~"))
def test_caret_and_tilde_agree_with_a_plain_definition(
    a: int, b: int, c: int, d: int, e: int, f: int, mark: str
) -> None:
    [interval] = admitted("npm", f"{mark}{a}.{b}.{c}")
    version = version_of("npm", f"{d}.{e}.{f}")
    inside = version_of("npm", interval.low) <= version < version_of("npm", interval.high)
    kept = (
        ((a, b) == (d, e)) if mark == "~" else (a == d if a else (d == 0 and b == e) if b else (d, e, f) == (a, b, c))
    )
    assert inside is (kept and (d, e, f) >= (a, b, c))


def record(
    *events: Mapping[str, str], ecosystem: str = "npm", name: str = "demo", kind: str = "ECOSYSTEM", **more: Any
) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": kind, "events": list(events)}] if events else [],
    }
    affected |= {key: more.pop(key) for key in ("versions",) if key in more}
    return {
        "id": "DEMO-0001",
        "modified": "2026-11-20T00:00:00Z",
        "published": "2026-01-10T00:00:00Z",
        "affected": [affected],
        **more,
    }


def hit(
    said: Mapping[str, Any], version: str, asked: str = "", ecosystem: str = "npm", name: str = "demo"
) -> list[str]:
    return [each.fixed for each in matches([read_advisory(said)], ecosystem, name, version, asked)]


I0 = {"introduced": "0"}
RANGES = [
    (
        [I0, {"fixed": "1.2.3"}],
        {"1.2.2": ["1.2.3"], "1.2.3": [], "0.0.1": ["1.2.3"], "1.2.3-rc.1": ["1.2.3"], "9.0.0": []},
    ),
    ([I0], {"1.0.0": [""], "99.0.0": [""]}),
    ([I0, {"last_affected": "1.2.3"}], {"1.2.3": [""], "1.2.4": []}),
    (
        [{"introduced": "1.0.0"}, {"fixed": "1.5.0"}, {"introduced": "2.0.0"}, {"fixed": "2.3.0"}],
        {"0.9.0": [], "1.0.0": ["1.5.0"], "1.7.0": [], "2.0.0": ["2.3.0"], "2.3.0": []},
    ),
    (
        [{"fixed": "2.3.0"}, {"introduced": "2.0.0"}, {"fixed": "1.5.0"}, {"introduced": "1.0.0"}],
        {"1.2.0": ["1.5.0"], "1.7.0": [], "2.1.0": ["2.3.0"]},
    ),
    ([I0, {"limit": "2.0.0"}], {"1.0.0": ["2.0.0"], "2.0.0": []}),
    ([{"introduced": "1.0.0"}, {"last_affected": "1.0.0"}], {"1.0.0": [""], "1.0.1": []}),
    ([I0, {"fixed": "not a version"}], {"1.0.0": [""]}),
]


@pytest.mark.parametrize(("events", "expected"), RANGES, ids=range(len(RANGES)))
def test_events(events: list[Mapping[str, str]], expected: Mapping[str, list[str]]) -> None:
    assert {version: hit(record(*events), version) for version in expected} == expected


def test_versions_by_name_and_ranges_that_are_not_versions() -> None:
    assert hit(record(versions=["1.0.0", "odd"]), "1.0.0") == [""]
    assert hit(record(versions=["1.0.0", "odd"]), "odd") == [""]
    assert hit(record(versions=["1.0.0"]), "1.0.1") == []
    assert hit(record(I0, kind="GIT"), "1.0.0") == []


def test_withdrawn_advisories_and_other_packages_do_not_count() -> None:
    assert hit(record(I0, withdrawn="2026-02-01T00:00:00Z"), "1.0.0") == []
    assert hit(record(I0), "1.0.0", name="other") == []
    assert hit(record(I0), "1.0.0", ecosystem="PyPI") == []
    assert hit(record(I0, ecosystem="PyPI", name="Zope.Interface"), "1.0", ecosystem="PyPI", name="zope-interface") == [
        ""
    ]
    assert hit(
        record(I0, ecosystem="Maven:https://repo.example.net", name="a:b"), "1.0", ecosystem="Maven", name="a:b"
    ) == [""]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("^1.0.0", False),
        ("~1.1.0", True),
        ("1.1.x", True),
        ("<1.2.3", True),
        ("<=1.2.3", False),
        ("<1.2.4", False),
        ("*", False),
        ("", False),
        ("~1.1.0 || ~2.0.0", False),
        ("next", False),
    ],
)
def test_a_range_is_affected_only_if_every_version_of_it_is(asked: str, expected: bool) -> None:
    assert bool(hit(record(I0, {"fixed": "1.2.3"}), "", asked)) is expected


@pytest.mark.parametrize("asked", ["*", "", "^0.0.4", ">=0.0.1", "0.x"])
def test_what_nothing_fixes_is_affected_in_any_range(asked: str) -> None:
    assert hit(record(I0), "", asked) == [""]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_a_covered_range_has_only_affected_versions(start: int, end: int, low: int, version: int) -> None:
    said = record({"introduced": f"{start}.0.0"}, {"fixed": f"{end}.0.0"})
    if hit(said, "", f"^{low}.0.0") and low:
        assert hit(said, f"{low}.{version}.0")


def test_one_vulnerability_under_several_names_is_one() -> None:
    first = {**record(I0), "id": "GHSA-demo-0001-demo", "aliases": ["CVE-2099-10001"]}
    second = {**record(I0), "id": "PYSEC-2099-1", "aliases": ["CVE-2099-10001"]}
    third = {**record(I0), "id": "DEMO-0009"}
    found = grouped(matches([read_advisory(each) for each in (third, second, first)], "npm", "demo", "1.0.0"))
    assert [[each.advisory.id for each in group] for group in found] == [
        ["DEMO-0009"],
        ["GHSA-demo-0001-demo", "PYSEC-2099-1"],
    ]
    assert names_of(found[1]) == ("CVE-2099-10001", "GHSA-demo-0001-demo", "PYSEC-2099-1")


# CVSS v3.1 Specification Document and its examples document.
SCORES = [
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5),
    ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
    ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
    ("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", 7.2),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4),
    ("CVSS:2.0/AV:N", None),
    ("CVSS:3.1/AV:N", None),
    ("", None),
    ("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", None),
]


@pytest.mark.parametrize(("vector", "score"), SCORES)
def test_base_scores(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


def test_severities() -> None:
    assert [word_of_score(each) for each in (0, 0.1, 3.9, 4.0, 6.9, 7.0, 8.9, 9.0, 10)] == [
        "",
        "low",
        "low",
        "medium",
        "medium",
        "high",
        "high",
        "critical",
        "critical",
    ]
    vector = [{"type": "CVSS_V3", "score": SCORES[0][0]}]
    assert severity({"severity": vector}, []) == ("critical", 9.8)
    assert severity({"severity": vector, "database_specific": {"severity": "MODERATE"}}, []) == ("medium", 9.8)
    assert severity({}, [{"ecosystem_specific": {"severity": "HIGH"}}]) == ("high", None)
    assert severity({}, [{"severity": vector}]) == ("critical", 9.8)
    assert severity({"id": "MAL-2099-1"}, []) == ("critical", None)
    assert severity(
        {"severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}]},
        [],
    ) == ("critical", None)
    assert severity(
        {"severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:H/AT:P/PR:L/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"}]},
        [],
    ) == ("low", None)
    assert severity({"severity": "odd", "database_specific": 3}, []) == ("", None)


def test_the_advisories_that_come_along_are_whole() -> None:
    for name, entry in load_dated("known_advisories").entries.items():
        made = read_advisory(entry.record(name))
        assert made.severity in ("high", "critical") and name == entry.names[0]
        assert sum(len(each.ranges) for each in made.affected) == len(entry.ranges), name
        for said in entry.ranges:
            first, _, end = said.partition(" ")
            assert first == "0" or version_of(entry.ecosystem, first) is not None
            assert not end or version_of(entry.ecosystem, end.removeprefix("<=")) is not None
            assert (
                not end
                or first == "0"
                or version_of(entry.ecosystem, first) < version_of(entry.ecosystem, end.removeprefix("<="))
            )


OPENVEX = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "author": "Security team",
    "timestamp": "2026-11-01T00:00:00Z",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2099-10001"},
            "products": [{"@id": "pkg:oci/orders", "subcomponents": [{"@id": "pkg:npm/demo@1.0.0"}]}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        },
        {
            "vulnerability": "CVE-2099-10002",
            "products": ["pkg:pypi/demo"],
            "status": "under_investigation",
            "timestamp": "2026-11-02T00:00:00Z",
        },
    ],
}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"timestamp": "2026-11-03T00:00:00Z", "authors": [{"name": "Team"}]},
    "components": [{"bom-ref": "a", "purl": "pkg:npm/demo@1.0.0"}],
    "vulnerabilities": [
        {"id": "CVE-2099-10001", "analysis": {"state": "exploitable"}, "affects": [{"ref": "a"}]},
        {"id": "CVE-2099-10003", "analysis": {"state": "resolved"}, "affects": [{"ref": "pkg:npm/demo@1.0.0"}]},
        {"id": "CVE-2099-10004"},
    ],
}


def test_statements_of_exploitability() -> None:
    first, second = read_vex(json.dumps(OPENVEX), "vex.json")
    assert (first.status, first.justification, first.author, first.packages) == (
        "not_affected",
        "vulnerable_code_not_in_execute_path",
        "Security team",
        ("pkg:npm/demo@1.0.0",),
    )
    assert first.speaks_of(["CVE-2099-10001"], "npm", "demo", "1.0.0")
    for other in (
        (["CVE-2099-10002"], "npm", "demo", "1.0.0"),
        (["CVE-2099-10001"], "npm", "demo", "1.0.1"),
        (["CVE-2099-10001"], "PyPI", "demo", "1.0.0"),
        (["CVE-2099-10001"], "npm", "demos", "1.0.0"),
    ):
        assert not first.speaks_of(*other)
    assert second.speaks_of(["CVE-2099-10002"], "PyPI", "Demo", "3.0")
    third, fourth = read_vex(json.dumps(CYCLONEDX), "bom.json")
    assert (third.status, fourth.status, third.date, third.author) == (
        "affected",
        "fixed",
        "2026-11-03T00:00:00Z",
        "Team",
    )
    assert latest([first, third], ["CVE-2099-10001"], "npm", "demo", "1.0.0") is third
    assert latest([first, third], ["CVE-2099-10009"], "npm", "demo", "1.0.0") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"bomFormat": "SPDX"}',
        "[" * 100_000,
        json.dumps({**OPENVEX, "statements": [{"status": "fine"}]}),
    ],
)
def test_what_is_no_statement(text: str) -> None:
    with pytest.raises(VexError):
        read_vex(text, "x")


# --- Sources -------------------------------------------------------------------------------------------------------------------------------------

MERGE = {
    **record(I0, {"fixed": "1.4.2"}, name="demo-merge"),
    "id": "GHSA-demo-0001-demo",
    "aliases": ["CVE-2099-10001"],
    "database_specific": {"severity": "HIGH", "more": "x" * 10_000},
    "details": "Prototype pollution",
}
PARSE = {
    **record(I0, {"fixed": "2.0"}, ecosystem="PyPI", name="Demo_Parse"),
    "id": "PYSEC-2099-7",
    "severity": [{"type": "CVSS_V3", "score": SCORES[0][0]}],
}
OTHER = {**record(I0, name="demo-other"), "id": "DEMO-0003", "modified": "2026-11-22T01:02:03.456Z"}
SHOP = {
    "a/package.json": '{"dependencies": {"demo-merge": "1.4.0", "demo-clean": "1.0.0"}, "devDependencies": {"demo-other": "1.0.0"}}',
    "b/requirements.txt": "demo-parse==1.0\n",
}


def captured(given: Mapping[str, str], kind: str = "folder") -> Capture:
    opened = {path: (lambda content=content: content.encode()) for path, content in sorted(given.items())}
    answer = dependencies(Program(Package("shop", kind, opened, "x"), {}), Reading(str))
    return Capture("code:Dependencies", TARGET, {"package": "shop"}, OK, answer, ref="E-0001")


def asked_about(given: Mapping[str, str], sources: Sources) -> tuple[Capture, ...]:
    first = captured(given)
    return (first, *advisories_for(components_of([first]), sources, lambda: NOW, TARGET))


def judged(captures: tuple[Capture, ...], check: str = "vulnerable-package", **parameters: object) -> list[Finding]:
    catalogue = load_catalogue()
    effective = {**catalogue.effective(), **load_config(None).declared(), **parameters}
    evidence = Evidence(shape_source(Captures(captures), effective), NOW)
    return list(put(ALL[check], evidence, effective, Severity(catalogue.home(check).severity)))


def said(findings: list[Finding]) -> list[tuple[Outcome, str]]:
    return [(each.outcome, each.because) for each in findings]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    folder = tmp_path / "osv"
    (folder / "npm").mkdir(parents=True)
    with zipfile.ZipFile(folder / "npm" / "all.zip", "w") as archive:
        for each in (MERGE, OTHER):
            archive.writestr(f"{each['id']}.json", json.dumps(each))
        archive.writestr("readme.txt", "x")
    (folder / "PYSEC-2099-7.json").write_text(json.dumps(PARSE), encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    return folder


def test_a_folder_with_archives(database: Path) -> None:
    [_, query] = asked_about(SHOP, Sources(osv=(database,)))
    assert (query.call, query.state, query.target) == ("advisories:Query", OK, TARGET)
    assert query.answer["dates"] == {"PyPI": "2026-11-20T00:00:00", "npm": "2026-11-22T01:02:03"}
    assert [each["id"] for each in query.answer["advisories"]] == ["GHSA-demo-0001-demo", "PYSEC-2099-7"]
    assert query.answer["answered"] == [
        "pkg:npm/demo-clean@1.0.0",
        "pkg:npm/demo-merge@1.4.0",
        "pkg:pypi/demo-parse@1.0",
    ]
    assert len(json.dumps(query.answer)) < 3000


def test_what_a_database_knows_is_judged(database: Path) -> None:
    vulnerable = judged(asked_about(SHOP, Sources(osv=(database,))))
    assert [(each.outcome, each.severity, each.where) for each in vulnerable] == [
        (Outcome.FAIL, Severity.HIGH, "a/package.json:1"),
        (Outcome.FAIL, Severity.CRITICAL, "b/requirements.txt:1"),
        (Outcome.PASS, Severity.HIGH, ""),
    ]
    assert "demo-merge 1.4.0 has CVE-2099-10001 (GHSA-demo-0001-demo): Prototype pollution" in vulnerable[0].because
    assert "knows no vulnerability in 1 packages of shop" in vulnerable[2].because


def test_two_sources_that_know_the_same_make_one_finding(database: Path) -> None:
    found = judged(asked_about(SHOP, Sources(osv=(database, database))))
    assert len(found) == 3


def test_findings_are_the_same_when_lines_move(database: Path) -> None:
    moved = {**SHOP, "b/requirements.txt": "# one\n# two\ndemo-parse==1.0\n"}
    before, after = (judged(asked_about(given, Sources(osv=(database,)))) for given in (SHOP, moved))
    assert [each.id for each in before] == [each.id for each in after]
    assert [each.where for each in before] != [each.where for each in after]


def test_a_stale_database_clears_nothing_and_still_proves(database: Path) -> None:
    found = judged(asked_about(SHOP, Sources(osv=(database,))), advisory_db_max_age_days=1)
    assert [each.outcome for each in found] == [Outcome.FAIL, Outcome.FAIL, Outcome.UNKNOWN]
    assert "of 2026-11-20" in found[2].because


def test_without_any_source_nothing_is_cleared() -> None:
    [only] = judged((captured(SHOP),))
    assert (only.outcome, only.missing.state if only.missing else "") == (Outcome.UNKNOWN, "not_asked")
    assert "no source of advisories was named" in only.because


def test_what_has_no_exact_version_is_not_cleared(database: Path) -> None:
    found = judged(
        asked_about(
            {"package.json": '{"dependencies": {"demo-clean": "^1.0.0", "demo-merge": "~1.3.0"}}'},
            Sources(osv=(database,)),
        )
    )
    assert [each.outcome for each in found] == [Outcome.FAIL, Outcome.UNKNOWN]
    assert "demo-merge ~1.3.0 has CVE-2099-10001" in found[0].because
    assert "pkg:npm/demo-clean" in found[1].because


def test_an_ecosystem_that_the_database_lacks_is_not_cleared(database: Path) -> None:
    found = judged(asked_about({"Gemfile.lock": "GEM\n  specs:\n    rack (2.2.3)\n"}, Sources(osv=(database,))))
    assert [each.outcome for each in found] == [Outcome.UNKNOWN]


def test_what_is_hidden_is_not_cleared(database: Path) -> None:
    given = {
        "package.json": '{"dependencies": {"demo-clean": "1.0.0"}}',
        "app.js": "// node_modules/lodash/x.js\n" + "x" * 60_000,
    }
    [only] = judged(asked_about(given, Sources(osv=(database,))))
    assert only.outcome is Outcome.UNKNOWN and "app.js" in only.because


def test_a_package_without_dependencies_is_not_concerned(database: Path) -> None:
    assert [each.outcome for each in judged(asked_about({"app.py": ""}, Sources(osv=(database,))))] == [
        Outcome.NOT_APPLICABLE
    ]
    assert [each.outcome for each in judged(asked_about({"app.py": ""}, Sources()))] == [Outcome.NOT_APPLICABLE]


@pytest.mark.parametrize("make", [lambda path: path / "none", lambda path: _empty(path), lambda path: _broken(path)])
def test_unreached_databases(tmp_path: Path, make) -> None:
    captures = asked_about(SHOP, Sources(osv=(make(tmp_path),)))
    assert (captures[1].state, captures[1].reason) == (FAILED, "unreached")
    [only] = judged(captures)
    assert only.outcome is Outcome.UNKNOWN and "unreached" in only.because


def _empty(path: Path) -> Path:
    (path / "empty").mkdir()
    return path / "empty"


def _broken(path: Path) -> Path:
    (path / "db").mkdir()
    (path / "db" / "a.json").write_text(json.dumps(OTHER), encoding="utf-8")
    whole = path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.json", json.dumps(MERGE))
    content = bytearray(whole.read_bytes())
    content[40] ^= 255
    (path / "db" / "all.zip").write_bytes(bytes(content))
    return path / "db"


def test_packages_that_could_not_be_read_are_unknown() -> None:
    refused = Capture(
        "code:Dependencies", TARGET, {"package": "shop"}, FAILED, reason="the archive is hostile", ref="E-1"
    )
    for check in ("vulnerable-package", "dependencies-not-locked", "registry-not-trusted", "package-given-up"):
        assert [each.outcome for each in judged((refused,), check)] == [Outcome.UNKNOWN]


def test_functions_whose_packages_were_never_read_are_unknown() -> None:
    place = Target("aws", "111122223333", "us-east-1")
    functions = Capture("lambda:ListFunctions", place, {}, OK, {"Functions": [{"FunctionArn": "arn:x"}]}, ref="E-1")
    none = Capture("lambda:ListFunctions", place, {}, OK, {"Functions": []}, ref="E-1")
    assert [each.outcome for each in judged((functions,))] == [Outcome.UNKNOWN]
    assert judged((none,)) == []


def test_statements_exploitation_and_likelihood(database: Path, tmp_path: Path) -> None:
    vex, kev, epss = tmp_path / "vex.json", tmp_path / "kev.json", tmp_path / "epss.csv.gz"
    statement = {
        "vulnerability": {"name": "CVE-2099-10001"},
        "products": ["pkg:npm/demo-merge@1.4.0"],
        "status": "not_affected",
        "justification": "vulnerable_code_not_present",
    }
    vex.write_text(json.dumps({**OPENVEX, "statements": [statement]}), encoding="utf-8")
    found = judged(asked_about(SHOP, Sources(osv=(database,), vex=(vex,))))
    assert (
        found[0].outcome is Outcome.PASS
        and "vulnerable_code_not_present (vex.json of Security team of 2026-11-01)" in found[0].because
    )
    kev.write_text(
        json.dumps(
            {
                "dateReleased": "2026-11-20T00:00:00Z",
                "vulnerabilities": [{"cveID": "CVE-2099-10001", "dateAdded": "2026-11-01"}, {"cveID": "CVE-2099-1"}],
            }
        ),
        encoding="utf-8",
    )
    with gzip.open(epss, "wt", encoding="utf-8") as stream:
        stream.write(
            "#model_version:v1,score_date:2026-11-20\ncve,epss,percentile\nCVE-2099-10001,0.91234,0.99\nCVE-2099-2,0.1,0.1\n"
        )
    captures = asked_about(SHOP, Sources(osv=(database,), exploited=kev, likelihood=epss))
    by_call = {each.call: each for each in captures}
    assert by_call["advisories:Exploited"].answer["exploited"] == {"CVE-2099-10001": "2026-11-01"}
    assert by_call["advisories:Likelihood"].answer["likelihood"] == {"CVE-2099-10001": 912}
    first = judged(captures)[0]
    assert first.severity is Severity.CRITICAL and "known to be exploited since 2026-11-01" in first.because
    for broken in (vex, kev, epss):
        broken.write_bytes(b"{")
    states = [
        each.state for each in asked_about(SHOP, Sources(osv=(database,), vex=(vex,), exploited=kev, likelihood=epss))
    ]
    assert states == [OK, OK, FAILED, FAILED, FAILED]


# --- Over the network: a server on this machine ----------------------------------------------------------------------------------------------------


class _Server:
    """Answers from a table of paths; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                outer.asked.append((self.path, body))
                answer = outer.answers.get(self.path, 404)
                answer = answer(body) if callable(answer) else answer
                status = answer if isinstance(answer, int) else 200
                content = (
                    b""
                    if isinstance(answer, int)
                    else answer
                    if isinstance(answer, bytes)
                    else json.dumps(answer).encode()
                )
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _answer

            def log_message(self, *said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setattr(fetching, "SECONDS", 5.0)
    monkeypatch.setattr(fetching.time, "sleep", lambda seconds: None)
    made = _Server()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def api(server: _Server) -> Sources:
    return Sources(osv_api=True, addresses={"osv": server.address})


def batch(body: Mapping[str, Any]) -> dict[str, Any]:
    known = {"demo-merge": [{"id": MERGE["id"]}], "demo-parse": [{"id": PARSE["id"]}]}
    return {
        "results": [
            {"vulns": known[each["package"]["name"]]} if each["package"]["name"] in known else {}
            for each in body["queries"]
        ]
    }


def test_the_api(server: _Server) -> None:
    server.answers = {"/v1/querybatch": batch, f"/v1/vulns/{MERGE['id']}": MERGE, f"/v1/vulns/{PARSE['id']}": PARSE}
    captures = asked_about(SHOP, api(server))
    assert captures[1].answer["dates"] == {"PyPI": "2026-11-24T09:00:00+00:00", "npm": "2026-11-24T09:00:00+00:00"}
    assert [each.outcome for each in judged(captures)] == [Outcome.FAIL, Outcome.FAIL, Outcome.PASS]
    asked = server.asked[0][1]["queries"]
    assert {"package": {"ecosystem": "npm", "name": "demo-merge"}, "version": "1.4.0"} in asked
    assert not any(each["package"]["name"] == "demo-other" for each in asked)


def test_the_api_in_pages(server: _Server) -> None:
    def paged(body: Mapping[str, Any]) -> dict[str, Any]:
        if "page_token" in body["queries"][0]:
            return {"results": [{"vulns": [{"id": MERGE["id"]}]}]}
        return {
            "results": [
                {"next_page_token": "more"} if each["package"]["name"] == "demo-merge" else {}
                for each in body["queries"]
            ]
        }

    server.answers = {"/v1/querybatch": paged, f"/v1/vulns/{MERGE['id']}": MERGE}
    assert [each.outcome for each in judged(asked_about(SHOP, api(server)))] == [Outcome.FAIL, Outcome.PASS]


@pytest.mark.parametrize("answer", [500, 403, 404, b"no json", {"results": []}, {"odd": 1}, {"results": [3, 4, 5]}, []])
def test_an_api_that_does_not_answer(server: _Server, answer: object) -> None:
    server.answers = {"/v1/querybatch": answer}
    captures = asked_about(SHOP, api(server))
    assert captures[1].state == FAILED
    assert [each.outcome for each in judged(captures)] == [Outcome.UNKNOWN]


def test_an_advisory_that_cannot_be_read_clears_nothing(server: _Server) -> None:
    server.answers = {"/v1/querybatch": batch, f"/v1/vulns/{MERGE['id']}": MERGE, f"/v1/vulns/{PARSE['id']}": 500}
    captures = asked_about(SHOP, api(server))
    assert captures[1].answer["answered"] == []
    assert [each.outcome for each in judged(captures)] == [Outcome.FAIL, Outcome.UNKNOWN]


def test_throttling_is_waited_for(server: _Server) -> None:
    answers = iter([429, 503])
    server.answers = {
        "/v1/querybatch": lambda body: next(answers, None) or batch(body),
        f"/v1/vulns/{MERGE['id']}": MERGE,
        f"/v1/vulns/{PARSE['id']}": PARSE,
    }
    assert asked_about(SHOP, api(server))[1].state == OK


def test_nothing_listens() -> None:
    captures = asked_about(SHOP, Sources(osv_api=True, addresses={"osv": "http://127.0.0.1:9"}))
    assert captures[1].state == FAILED and "URLError" in captures[1].message


def test_only_tls_is_asked() -> None:
    captures = asked_about(SHOP, Sources(osv_api=True, addresses={"osv": "http://osv.example.net"}))
    assert captures[1].state == FAILED and "TLS" in captures[1].message


def test_nobody_is_asked_who_was_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **named: object) -> object:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(fetching.urllib.request, "urlopen", refuse)
    assert len(asked_about(SHOP, Sources())) == 1
    assert not Sources()


def test_registries(server: _Server) -> None:
    info = {"yanked": True, "yanked_reason": "broken archive", "classifiers": []}
    server.answers = {
        "/pypi/demo-parse/1.0/json": {
            "info": info,
            "vulnerabilities": [
                {"id": "PYSEC-2099-7", "aliases": ["CVE-2099-10007"], "fixed_in": ["2.0"], "summary": "s"},
                {"id": "PYSEC-2099-8", "withdrawn": "2026-01-01T00:00:00Z"},
            ],
        },
        "/-/npm/v1/security/advisories/bulk": {
            "demo-merge": [
                {
                    "id": 1,
                    "url": "https://github.com/advisories/GHSA-demo-0001-demo",
                    "title": "t",
                    "severity": "high",
                    "vulnerable_versions": "<1.4.2",
                },
                {"id": 2, "url": "x", "severity": "low", "vulnerable_versions": "<1.0.0"},
            ]
        },
        "/demo-merge": {"versions": {"1.4.0": {"deprecated": "use another"}}},
        "/demo-clean": {"versions": {"1.0.0": {}}},
    }
    captures = asked_about(
        SHOP, Sources(registries=("pypi", "npm"), addresses={"pypi": server.address, "npm": server.address})
    )
    assert [each.call for each in captures[1:]] == ["advisories:Query", "advisories:Packages"] * 2
    assert [(each.outcome, each.because.split(",")[0]) for each in judged(captures)][:2] == [
        (Outcome.FAIL, "demo-merge 1.4.0 has GHSA-demo-0001-demo: t"),
        (Outcome.REVIEW, "demo-parse 1.0 has CVE-2099-10007: s"),
    ]
    health = said(judged(captures, "package-given-up"))
    assert (Outcome.FAIL, "demo-merge 1.4.0 is deprecated: use another") in health
    assert (Outcome.FAIL, "demo-parse 1.0 is yanked: broken archive") in health
    assert (Outcome.PASS, "npm registry calls demo-clean 1.0.0 neither withdrawn nor deprecated") in health


def test_an_index_without_the_endpoint_clears_nothing(server: _Server) -> None:
    """Some indexes answer 404 for each package; that is no word about any."""
    captures = asked_about(
        {"requirements.txt": "demo-parse==1.0\n"}, Sources(registries=("pypi",), addresses={"pypi": server.address})
    )
    assert captures[1].state == FAILED
    assert [each.outcome for each in judged(captures)] == [Outcome.UNKNOWN]


def test_a_registry_that_refuses_bulk_advisories_clears_nothing(server: _Server) -> None:
    server.answers = {
        "/-/npm/v1/security/advisories/bulk": 405,
        "/demo-merge": {"versions": {}},
        "/demo-clean": {"versions": {}},
    }
    captures = asked_about(SHOP, Sources(registries=("npm",), addresses={"npm": server.address}))
    assert captures[1].state == FAILED


def test_the_known_advisories_fail_and_clear_nothing() -> None:
    found = judged(
        (
            captured(
                {
                    "package.json": '{"dependencies": {"lodash": "4.17.15", "demo-clean": "1.0.0", "node-serialize": "*"}}'
                }
            ),
        )
    )
    assert [each.outcome for each in found] == [Outcome.FAIL] * 3 + [Outcome.UNKNOWN]
    assert {each.severity for each in found[:3]} == {Severity.HIGH, Severity.CRITICAL}


def test_repositories_are_judged_by_their_files() -> None:
    opened = {
        path: (lambda text=text: text.encode())
        for path, text in {
            "package.json": "{}",
            ".github/dependabot.yml": "version: 2\nupdates:\n  - package-ecosystem: pip\n",
        }.items()
    }
    capture = Capture("repository:Files", TARGET, {}, OK, repository_files(opened), ref="E-1")
    [only] = judged((capture,), "updates-not-automated")
    assert only.outcome is Outcome.FAIL and "does not update npm" in only.because
    broken = Capture("repository:Files", TARGET, {}, OK, {"services": 3}, ref="E-1")
    assert [each.outcome for each in judged((broken,), "updates-not-automated")] == [Outcome.UNKNOWN]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "components",
                        "manifests",
                        "registries",
                        "name",
                        "version",
                        "ecosystem",
                        "workloads",
                        "where",
                        "bundled",
                        "source",
                        "direct",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=15,
    )
)
def test_no_answer_breaks_the_shapers(value: object) -> None:
    answer = value if isinstance(value, dict) else {"components": value}
    capture = Capture("code:Dependencies", TARGET, {"package": "x"}, OK, answer, ref="E-1")
    query = Capture(
        "advisories:Query",
        TARGET,
        {"source": "x"},
        OK,
        {"source": "x", "advisories": [{"id": "A"}], "answered": [], "dates": {}},
        ref="E-2",
    )
    Evidence(shape_source(Captures((capture, query)), {}), NOW)


def test_packages_are_told_apart_where_files_have_the_same_place() -> None:
    two = [
        Capture(
            "code:Dependencies",
            TARGET,
            {"package": name},
            OK,
            {**captured(SHOP, "zip").answer, "kind": "zip"},
            ref=f"E-{name}",
        )
        for name in ("a", "b")
    ]
    rows = Evidence(shape_source(Captures(two), {}), NOW).rows(PackageAdvisory)
    assert len({row.key for row in rows}) == len(rows) == 2


def test_the_words_of_captures_are_few() -> None:
    assert {collecting.QUERY, collecting.PACKAGES, collecting.VEX, collecting.EXPLOITED, collecting.LIKELIHOOD} == {
        "advisories:Query",
        "advisories:Packages",
        "advisories:Vex",
        "advisories:Exploited",
        "advisories:Likelihood",
    }
    assert Version("1.0") == version_of("PyPI", "1.0")
