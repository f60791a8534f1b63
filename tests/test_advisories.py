"""Orders of versions, ranges of advisories, severities, and statements of exploitability."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st
from univers.versions import RubygemsVersion

from advisory_records import I0, OPENVEX, SCORES, record
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
from assaybook.dated import load_dated

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


def hit(
    said: Mapping[str, Any], version: str, asked: str = "", ecosystem: str = "npm", name: str = "demo"
) -> list[str]:
    return [each.fixed for each in matches([read_advisory(said)], ecosystem, name, version, asked)]


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
