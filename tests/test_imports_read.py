"""Files of other tools are read into one form; hostile ones are refused with one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.imports import RefusedImport, read_results, results_of
from tool_results import TOOLS, place, prowler, result, run, sarif

ARN = "arn:aws:lambda:us-east-1:111122223333:function:orders"


def one(data: bytes):
    (only,) = read_results(data)
    (reported,) = only.reported
    return reported


def of(*results, **more):
    return one(sarif(run("Semgrep", results, **more)))


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_is_read(name: str) -> None:
    (read,) = read_results(sarif(TOOLS[name][0]))
    (found,) = read.reported
    assert found.rule and found.path and found.line
    assert list(results_of({"runs": [read.document()]})) == [read]
    assert json.loads(json.dumps(read.document())) == read.document()


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("src/app.py", "src/app.py"),
        ("./src/app.py", "src/app.py"),
        ("file:///build/ci/src/app.py", "/build/ci/src/app.py"),
        ("file:///C:/build/app.py", "C:/build/app.py"),
        ("src\\app.py", "src/app.py"),
        ("src/an%20app.py", "src/an app.py"),
        ("src/\u202eapp.py", "src/ app.py"),
        ("src/a\napp.py", "src/a app.py"),
    ],
)
def test_paths(said: str, path: str) -> None:
    assert of(result("r", said, 3)).path == path


def test_a_path_by_the_number_of_its_artifact() -> None:
    where = {"physicalLocation": {"artifactLocation": {"index": 1}, "region": {"startLine": 4, "endLine": 6}}}
    found = of({"ruleId": "r", "locations": [where]}, artifacts=[{}, {"location": {"uri": "b.py"}}])
    assert (found.path, found.line, found.end) == ("b.py", 4, 6)


def test_a_result_without_a_place_stays() -> None:
    found = of({"message": {"text": "no rule and no place"}})
    assert (found.rule, found.path, found.line, found.said) == ("", "", 0, "no rule and no place")


@pytest.mark.parametrize("line", [-1, 0, True, 10**30, "7", None, 1.5, [3]])
def test_odd_lines_are_none(line: object) -> None:
    found = of({"ruleId": "r", "locations": [place("a.py", startLine=line)]})
    assert (found.line, found.end) == (0, 0)


@pytest.mark.parametrize(
    ("suppressions", "dismissed"),
    [
        ([{"kind": "inSource", "justification": "only a script"}], "a comment in the code: only a script"),
        ([{"kind": "external", "status": "accepted"}], "a decision outside the code, without a reason"),
        ([{"kind": "external", "status": "underReview"}], ""),
        ([{"kind": "external", "status": "rejected"}], ""),
        ([{"kind": "external", "status": "rejected"}, {"kind": "inSource"}], "a comment in the code, without a reason"),
        ([], ""),
        (None, ""),
    ],
)
def test_what_was_set_aside(suppressions: object, dismissed: str) -> None:
    assert of(result("r", "a.py", 1, suppressions=suppressions)).dismissed == dismissed


@pytest.mark.parametrize(
    "tag",
    ["CWE-78", "cwe-78", "external/cwe/cwe-078", "CWE-78: OS Command Injection", "CWE:78", "CWE_78"],
)
def test_weaknesses_however_they_are_written(tag: str) -> None:
    found = of(result("r", "a.py", 1), rules=[{"id": "r", "properties": {"tags": ["security", tag, 7, None]}}])
    assert found.weaknesses == ("CWE-78",)


def test_weaknesses_by_relation() -> None:
    rule = {
        "id": "r",
        "relationships": [{"target": {"id": "CWE-89", "toolComponent": {"name": "CWE"}}}, {"target": {"id": "A03"}}],
    }
    assert of(result("r", "a.py", 1), rules=[rule]).weaknesses == ("CWE-89",)


def test_the_rule_of_a_result_by_parts_of_its_id_gives_level_and_words() -> None:
    rule = {"id": "r", "defaultConfiguration": {"level": "error"}, "messageStrings": {"m": {"text": "in words"}}}
    found = of({"ruleId": "r/1/2", "message": {"id": "m"}}, rules=[rule])
    assert (found.rule, found.level, found.said) == ("r/1/2", "error", "in words")


def test_what_is_well_or_gone_is_counted_and_left_out() -> None:
    results = [
        result("r", "a.py", 1, kind="pass"),
        result("r", "a.py", 2, kind="notApplicable"),
        result("r", "a.py", 3, baselineState="absent"),
        result("r", "a.py", 4, kind="open"),
    ]
    (read,) = read_results(sarif(run("Semgrep", results)))
    assert [each.line for each in read.reported] == [4]
    assert read.passed == 3


@pytest.mark.parametrize(
    ("more", "complete"),
    [
        ({}, True),
        ({"invocations": [{"executionSuccessful": False}]}, False),
        ({"invocations": [{"executionSuccessful": True}]}, True),
        ({"results": None}, False),
    ],
)
def test_a_run_that_failed_says_so(more: dict, complete: bool) -> None:
    (read,) = read_results(sarif({**run("Semgrep", []), **more}))
    assert read.complete is complete


def test_messages_are_one_line_and_bounded() -> None:
    found = of(result("r", "a.py", 1, "first\nsecond\x1b[31m\u2028third " + "x" * 5000))
    assert found.said.startswith("first second [31m third ")
    assert len(found.said) == 300


def test_no_snippet_and_no_person_is_kept() -> None:
    where = place("a.py", 1, snippet={"text": "SNIPPET"})
    more = {"partialFingerprints": {"author": "AUTHOR", "email": "EMAIL", "commitMessage": "COMMIT"}, "fixes": ["FIX"]}
    (read,) = read_results(sarif(run("gitleaks", [{"ruleId": "r", "locations": [where], **more}])))
    said = json.dumps(read.document())
    assert not [each for each in ("SNIPPET", "AUTHOR", "EMAIL", "COMMIT", "FIX") if each in said]


def test_prowler_as_json_and_as_lines() -> None:
    findings = [
        prowler("awslambda_function_url_public", ARN),
        prowler("x", ARN, "PASS"),
        prowler("y", ARN, "FAIL", status_id=3),
    ]
    (read,) = read_results(json.dumps(findings).encode())
    (lines,) = read_results("\n".join(json.dumps(each) for each in findings).encode())
    assert read == lines
    assert (read.tool, read.version, read.form, read.passed) == ("Prowler", "5.4.0", "OCSF", 1)
    assert [(each.rule, each.resource, each.level, each.dismissed) for each in read.reported] == [
        ("awslambda_function_url_public", ARN, "error", ""),
        ("y", ARN, "error", "suppressed in the tool"),
    ]


def test_a_vulnerability_finding_names_its_flaw_and_file() -> None:
    flaw = {
        "cve": {"uid": "CVE-2018-18074"},
        "cwe": {"uid": "CWE-522"},
        "affected_code": [{"file": {"path": "requirements.txt"}, "start_line": 3}],
    }
    found = one(json.dumps(prowler("inspector", ARN, class_uid=2002, vulnerabilities=[flaw])).encode())
    assert (found.rule, found.path, found.line, found.weaknesses) == (
        "CVE-2018-18074",
        "requirements.txt",
        3,
        ("CWE-522",),
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not JSON: line 1"),
        (b"{", "is not JSON: line 1"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"\xff\x00\xc3", "is not UTF-8 text"),
        (b"\xc3\x28", "is not UTF-8 text (byte 0)"),
        (b"{}", "is neither SARIF 2.1.0 nor findings of OCSF"),
        (b"[]", "is neither SARIF"),
        (b"null", "is neither SARIF"),
        (b'[{"class_uid": 3001}]', "is neither SARIF"),
        (b'[{"class_uid": 2004}]', "does not name its tool"),
        (b'[{"class_uid": 2004, "metadata": {"product": {"name": "x"}}}, 7]', "has a finding that is no object"),
        (b'{"version": "2.0.0", "runs": []}', "is SARIF 2.0.0; only 2.1.0 is read"),
        (b'{"runs": []}', "is SARIF of no version"),
        (b'{"version": "2.1.0", "runs": [1]}', "has a run that is no object"),
        (b'{"version": "2.1.0", "runs": [{}]}', "does not name its tool"),
        (b'{"version": "2.1.0", "runs": [], "x": NaN}', "NaN is no number"),
        (b'{"version": "2.1.0", "runs": [], "x": ' + b"9" * 10_000 + b"}", "is not JSON"),
        (sarif(run("x", [])).replace(b'"results": []', b'"results": {}'), "has results that are no list"),
        (sarif(run("Assaybook", [])), "--baseline"),
        (sarif(*[run("x", [])] * 101), "has 101 runs"),
    ],
)
def test_what_is_refused_and_why(data: bytes, said: str) -> None:
    with pytest.raises(RefusedImport, match=r"^[^\n]*$") as refused:
        read_results(data)
    assert said in str(refused.value)


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assaybook.code.imports.reported.LARGEST", 10)
    with pytest.raises(RefusedImport, match="at most 10 are read"):
        read_results(sarif())


def test_more_results_than_are_read_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assaybook.code.imports.sarif.MOST_RESULTS", 3)
    (read,) = read_results(sarif(run("x", [result("r", "a.py", line) for line in range(1, 6)])))
    assert (len(read.reported), read.cut) == (3, 2)


MEMBERS = [
    *("ruleId", "rule", "rules", "index", "ruleIndex", "message", "text", "id", "locations"),
    *(
        "physicalLocation",
        "artifactLocation",
        "uri",
        "region",
        "startLine",
        "suppressions",
        "status",
        "properties",
        "tags",
    ),
    *("cwe", "taxa", "level", "kind", "resources", "uid", "vulnerabilities", "cve", "finding_info"),
    *("metadata", "logicalLocations", "fullyQualifiedName", "relationships", "target", "toolComponent", "severity_id"),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["r", "a.py", "pass", "accepted", "CWE-78"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MEMBERS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(results=JSON, rules=JSON, extensions=JSON, more=JSON)
def test_anything_in_a_run_is_read_or_refused(results: object, rules: object, extensions: object, more: object) -> None:
    held = {
        "tool": {"driver": {"name": "x", "rules": rules}, "extensions": extensions},
        "results": results,
        "artifacts": more,
        "invocations": more,
    }
    try:
        read = read_results(json.dumps({"version": "2.1.0", "runs": [held]}).encode())
    except RefusedImport:
        return
    assert list(results_of({"runs": [each.document() for each in read]})) == list(read)


@given(JSON)
def test_anything_in_a_finding_is_read_or_refused(more: object) -> None:
    held = {**(more if isinstance(more, dict) else {}), "class_uid": 2004}
    held.setdefault("metadata", {})
    if isinstance(held["metadata"], dict):
        held["metadata"]["product"] = {"name": "x"}
    try:
        read = read_results(json.dumps([held]).encode())
    except RefusedImport:
        return
    assert list(results_of({"runs": [each.document() for each in read]})) == list(read)
