"""Advisories from files: reached, unreached, stale and partial, and what they make of packages."""

import gzip
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from advisory_records import (
    MERGE,
    NOW,
    OPENVEX,
    OTHER,
    PARSE,
    SHOP,
    TARGET,
    asked_about,
    captured,
    judged,
    shaped,
)
from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.code.advisories import (
    version_of,
)
from assaybook.code.dependencies import dependencies, repository_files
from assaybook.code.ir import Import, Module, Try
from assaybook.code.package import Package, Program, Reading
from assaybook.collect import advisories as collecting
from assaybook.collect.advisories import Sources
from assaybook.evidence import Evidence
from assaybook.model import Outcome, Severity
from assaybook.tables.supply_chain import PackageAdvisory


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
    Evidence(shaped(Captures((capture, query)), {}), NOW)


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
    rows = Evidence(shaped(Captures(two), {}), NOW).rows(PackageAdvisory)
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


def test_what_is_imported_and_listed_nowhere_is_not_known(database: Path) -> None:
    body = (
        Import("requests", "", "requests"),
        Import("json", "", "json"),
        Import("boto3", "", "boto3"),
        Import("models", "x", "x", 1),
        Import("shared.db", "", "db"),
        Try((Import("yaml", "", "yaml"),)),
    )
    script = (
        Import("axios", "default", "axios"),
        Import("node:fs", "", "fs"),
        Import("./own", "", "own"),
        Import("@scope/x/y", "", "y"),
        Import("@aws-sdk/client-s3", "", "s"),
    )
    modules = {"app.py": Module("app.py", "python", body), "x.js": Module("x.js", "javascript", script)}
    opened = {"app.py": bytes, "x.js": bytes, "shared/db.py": bytes}
    answer = dependencies(Program(Package("shop", "folder", opened, "x"), modules), Reading(str))
    assert [each["name"] for each in answer["imports"]] == ["requests", "yaml", "@scope/x", "axios"]
    alone = Capture("code:Dependencies", TARGET, {"package": "shop"}, OK, answer, ref="E-1")
    for check in ("vulnerable-package", "dependencies-not-locked"):
        [only] = judged((alone,), check)
        assert only.outcome is Outcome.UNKNOWN and "it imports requests, yaml, @scope/x and 1 more" in only.because
    # Another folder of the same tree may hold the list that the build reads.
    beside = replace(
        captured({"package.json": "{}", "requirements.txt": "demo-clean==1.0\n"}), params={"package": "root"}
    )
    assert [each.outcome for each in judged((alone, beside), "dependencies-not-locked")] == [
        Outcome.NOT_APPLICABLE,
        Outcome.FAIL,
    ]
