"""Facts that age: complete, well formed, read strictly, and reported when they are too old."""

from __future__ import annotations

import re
from datetime import date, timedelta

import botocore.session
import pytest

from assaybook.dated import NAMES, layer_publisher, load_dated, parse_dated, stale, stale_data, token_issuer
from assaybook.strict_yaml import YamlError

RUNTIMES = """title: Lambda runtimes
read: 2026-01-31
renew_within_days: 90
source: a guide
entries:
  python3.9: {deprecated: 2025-12-15, create_blocked: null, update_blocked: null, successor: python3.14}
"""
PUBLISHERS = """title: Publishers
read: 2026-01-31
renew_within_days: 90
source: each
entries:
  tools: {owner: AWS, product: Tools, kind: provider, accounts: ["111122223333"], source: a guide}
  others: {owner: Other, product: Tools, kind: vendor, accounts: ["444455556666"], source: a guide}
"""
SCANNERS = """title: Scanners
read: 2026-01-31
renew_within_days: 90
source: each
entries:
  one: {vendor: A, product: B, purpose: protection, layers: ['x+'], handlers: [], variables: [V], enabled_by: [], trusted_accounts: [], keys: [K],
    released: L, superseded_below: 3, superseded_why: w, newest: 9, ended: "", source: s}
"""


def test_every_file_is_packaged_and_named() -> None:
    for name in NAMES:
        dated = load_dated(name)
        assert dated.name == name
        assert dated.entries
        assert dated.source


def test_every_runtime_of_the_api_is_listed() -> None:
    listed = load_dated("aws_runtimes").entries
    known = botocore.session.Session().get_service_model("lambda").shape_for("Runtime").enum
    assert set(known) - set(listed) == set()


def test_days_of_runtimes_are_those_of_the_source() -> None:
    runtimes = load_dated("aws_runtimes").entries
    assert runtimes["python3.8"].deprecated == date(2024, 10, 14)
    assert runtimes["python3.9"].deprecated == date(2025, 12, 15)
    assert runtimes["nodejs20.x"].deprecated == date(2026, 4, 30)
    assert runtimes["nodejs20.x"].update_blocked == date(2027, 3, 3)
    assert runtimes["provided.al2"].deprecated == date(2026, 7, 31)
    assert runtimes["python3.15"].deprecated is None


def test_successors_are_runtimes_that_outlive_what_they_replace() -> None:
    runtimes = load_dated("aws_runtimes").entries
    for id, runtime in runtimes.items():
        if runtime.successor:
            ends = runtimes[runtime.successor].deprecated
            assert ends is not None and runtime.deprecated is not None and ends >= runtime.deprecated, id
        if runtime.create_blocked is not None and runtime.update_blocked is not None:
            assert runtime.create_blocked <= runtime.update_blocked, id


def test_publishers_are_found_by_account() -> None:
    tools = layer_publisher("017000801446")
    assert tools is not None and (tools.owner, tools.kind) == ("AWS", "provider")
    datadog = layer_publisher("464622532012")
    assert datadog is not None and (datadog.owner, datadog.kind) == ("Datadog", "vendor")
    assert layer_publisher("111122223333") is None


def test_scanner_patterns_match_whole_layer_arns() -> None:
    scanners = load_dated("vulnerability_scanners").entries
    cases = {
        "arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension-ARM:65": ["datadog"],
        "arn:aws:lambda:us-east-1:464622532012:layer:dd-trace-java:15": ["datadog"],
        "arn:aws:lambda:eu-west-1:111122223333:layer:twistlock:3": ["prisma-cloud"],
        "arn:aws:lambda:eu-west-1:111122223333:layer:Protego-Fsp:1": ["check-point-cloudguard"],
        "arn:aws:lambda:eu-west-1:111122223333:layer:Datadog-Extension:1": [],
        "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPython:60": [],
    }
    for arn, expected in cases.items():
        found = [name for name, each in scanners.items() if any(re.fullmatch(pattern, arn) for pattern in each.layers)]
        assert found == expected, arn


def test_files_are_stale_after_their_time_and_not_before() -> None:
    for name in NAMES:
        dated = load_dated(name)
        due = dated.read + timedelta(days=dated.renew_within_days)
        assert stale(name, due) == ""
        assert stale(name, dated.read - timedelta(days=900)) == ""
        said = stale(name, due + timedelta(days=1))
        assert name in said and dated.read.isoformat() in said and due.isoformat() in said
    assert stale_data(date(2026, 11, 24)) == ()
    assert len(stale_data(date(2035, 1, 1))) == len(NAMES)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no data file 'moons'"):
        load_dated("moons")


def test_a_good_text_is_read() -> None:
    assert parse_dated("aws_runtimes", RUNTIMES).entries["python3.9"].successor == "python3.14"
    assert list(parse_dated("aws_vendor_accounts", PUBLISHERS).entries) == ["tools", "others"]
    assert parse_dated("vulnerability_scanners", SCANNERS).entries["one"].variables == ("V",)


@pytest.mark.parametrize(
    ("name", "text", "old", "new", "line", "says"),
    [
        ("aws_runtimes", RUNTIMES, "source: a guide", "colour: red", 4, "colour is no key"),
        ("aws_runtimes", RUNTIMES, "source: a guide\n", "", 1, "lacks the key source"),
        ("aws_runtimes", RUNTIMES, "90", "0", 3, "at least 1"),
        ("aws_runtimes", RUNTIMES, "90", "yes", 3, "whole number"),
        ("aws_runtimes", RUNTIMES, "2026-01-31", "2026-01-31 10:00:00", 2, "is a day"),
        ("aws_runtimes", RUNTIMES, "2026-01-31", "null", 2, "is a day"),
        ("aws_runtimes", RUNTIMES, "2025-12-15", "soon", 6, "is a day"),
        ("aws_runtimes", RUNTIMES, "successor: python3.14", "successor: 3.14", 6, "is a string"),
        ("aws_runtimes", RUNTIMES, "deprecated: 2025-12-15, ", "", 6, "lacks the key deprecated"),
        ("aws_runtimes", RUNTIMES, "create_blocked: null", "deprecated: null", 6, "second time"),
        ("aws_runtimes", RUNTIMES, "python3.9:", "39:", 5, "names as keys"),
        ("aws_runtimes", "- a\n", "", "", 1, "is a mapping"),
        ("aws_vendor_accounts", PUBLISHERS, '"111122223333"', "111122223333", 6, "list of strings"),
        ("aws_vendor_accounts", PUBLISHERS, "111122223333", "1111", 6, "twelve digits"),
        ("aws_vendor_accounts", PUBLISHERS, "444455556666", "111122223333", 7, "as tools does"),
        ("aws_vendor_accounts", PUBLISHERS, "kind: vendor", "kind: friend", 7, "provider or vendor"),
        ("vulnerability_scanners", SCANNERS, "x+", "x(", 6, "no regular expression"),
        ("vulnerability_scanners", SCANNERS, "purpose: protection", "purpose: fun", 6, "protection or monitoring"),
        (
            "vulnerability_scanners",
            SCANNERS,
            "['x+'], handlers: [], variables: [V]",
            "[], handlers: [], variables: []",
            6,
            "nothing says",
        ),
    ],
)
def test_whatever_the_schema_does_not_foresee_is_refused(
    name: str, text: str, old: str, new: str, line: int, says: str
) -> None:
    with pytest.raises(YamlError, match=says) as caught:
        parse_dated(name, text.replace(old, new))
    assert caught.value.line == line
    assert caught.value.origin == f"data/{name}.yaml"


def test_a_file_without_entries_is_refused() -> None:
    with pytest.raises(YamlError, match="holds no entry"):
        parse_dated("aws_runtimes", RUNTIMES.partition("entries:")[0] + "entries: {}\n")


@pytest.mark.parametrize(
    ("address", "product"),
    [
        ("token.actions.githubusercontent.com", "GitHub Actions"),
        ("token.actions.githubusercontent.com/northwind", "GitHub Actions"),
        ("gitlab.example.com", "GitLab"),
        ("oidc.circleci.com/org/1111", "CircleCI"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", "Amazon EKS"),
    ],
)
def test_issuers_of_tokens_are_known_by_their_address(address: str, product: str) -> None:
    found = token_issuer(address)
    assert found is not None
    assert found.product == product


@pytest.mark.parametrize("address", ["tokens.example.com", "oidc.circleci.com", ""])
def test_an_issuer_that_nobody_knows(address: str) -> None:
    assert token_issuer(address) is None
