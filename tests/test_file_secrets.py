"""Secrets in files: a labelled set, the words that lead to the lines, and that no value ever comes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.file_secrets import secrets
from assaybook.code.file_secrets.forms import is_test
from assaybook.code.file_secrets.hints import FORMAT_WORDS, lines_with
from assaybook.code.package import Package, Program, Reading
from secret_samples import NEGATIVE, POSITIVE, made
from secret_samples_blind import NEGATIVE as BLIND_NEGATIVE
from secret_samples_blind import POSITIVE as BLIND_POSITIVE
from test_secrets import FORMATTED

READING = Reading(lambda value: f"mark-{len(value)}")


def found(path: str, text: str, reading: Reading = READING):
    package = Package("sample", "folder", {path: text.encode}, "")
    return secrets(Program(package, {}), reading)["secrets"]


@pytest.mark.parametrize(("what", "path", "text"), POSITIVE, ids=[f"{each[0]}" for each in POSITIVE])
def test_a_secret_is_found(what, path, text):
    assert found(path, text)


@pytest.mark.parametrize(("what", "path", "text"), NEGATIVE, ids=[f"{each[0]}" for each in NEGATIVE])
def test_what_only_looks_like_one_is_left_alone(what, path, text):
    assert found(path, text) == []


@pytest.mark.parametrize(
    ("what", "path", "text"), BLIND_POSITIVE, ids=[f"{each[0]}-{each[1]}" for each in BLIND_POSITIVE]
)
def test_a_secret_of_the_blind_set_is_found(what, path, text):
    assert found(path, text)


@pytest.mark.parametrize(
    ("what", "path", "text"), BLIND_NEGATIVE, ids=[f"{each[0]}-{each[1]}" for each in BLIND_NEGATIVE]
)
def test_what_only_looks_like_one_in_the_blind_set_is_left_alone(what, path, text):
    assert found(path, text) == []


def test_the_set_is_large_enough_to_speak_of_percent():
    assert len(POSITIVE) >= 100
    assert len(NEGATIVE) >= 100
    assert len({each[0] for each in POSITIVE}) == len(POSITIVE)


@pytest.mark.parametrize("kind", sorted(FORMATTED))
def test_every_format_has_a_word_that_leads_to_its_line(kind):
    if kind in ("password-literal", "private-key"):
        return
    assert lines_with(f"first\n  here: {FORMATTED[kind]}\nlast", FORMAT_WORDS) == (2,)


@pytest.mark.parametrize(("what", "path", "text"), POSITIVE, ids=[f"{each[0]}" for each in POSITIVE])
def test_no_value_comes_out(what, path, text):
    said = json.dumps(found(path, text))
    kept = [word for word in ("hunter" + "22", "Summer" + "2026", "Tr0ub4" + "dor", "letme" + "in") if word in text]
    for line in text.splitlines():
        kept += [
            part
            for part in line.replace("'", '"').split('"')
            if len(part) >= 16 and part.isalnum() and any(each.isdigit() for each in part)
        ]
    assert [each for each in kept if each in said] == []


def test_the_line_is_masked_and_can_be_left_out():
    text = f'API_KEY = "{made("abc123", 30, 1)}"  # for the shop\n'
    assert found("a.py", text)[0]["code"] == 'API_KEY = "••••"  # for the shop'
    assert found("a.py", text, Reading(str, code_lines=False))[0]["code"] == ""


def test_a_place_is_the_line_of_the_value():
    text = "\n\n" + f"password = '{'Summer' + '2026'}'\r\n"
    assert [
        (each["line"], each["name"], each["kind"], each["length"], each["fingerprint"]) for each in found("a.py", text)
    ] == [(3, "password", "password", 10, "mark-10")]


def test_weak_literals_in_tests_wait_for_a_person_and_real_keys_do_not():
    weak = f"password = '{'hunter' + '22'}'\n"
    assert [each["certain"] for each in found("src/db.py", weak)] == [True]
    assert [each["certain"] for each in found("tests/test_db.py", weak)] == [False]
    key = 'KEY = "AK' + "IA" + made("ABCDEFGH234567", 16, 2) + '"\n'
    assert [each["certain"] for each in found("tests/test_db.py", key)] == [True]


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/test_a.py", True),
        ("src/__tests__/a.js", True),
        ("src/a.test.ts", True),
        (".env.example", True),
        ("docs/setup.md", True),
        ("src/latest.py", False),
        ("src/contest.py", False),
        ("attestation/app.py", False),
        ("template.yaml", False),
    ],
)
def test_paths_of_tests_and_examples(path, test):
    assert is_test(path) is test


def test_what_is_not_searched_is_counted():
    package = Package(
        "sample",
        "folder",
        {"big.json": lambda: b"x" * 10_000_001, "a.png": lambda: b"x", "b.bin.txt": lambda: b"\0"},
        "",
    )
    answer = secrets(Program(package, {}), READING)
    assert answer == {
        "located": "",
        "workloads": [],
        "searched": 0,
        "skipped": [{"file": "big.json", "why": "larger than 10 MB"}],
        "secrets": [],
    }


def test_vendored_code_is_not_ours():
    assert found("node_modules/x/index.js", f"const password = '{'hunter' + '22'}';") == []
    assert found("requests-2.0.dist-info/METADATA", f"password = '{'hunter' + '22'}'") == []


def test_parameters_without_noecho_are_shown_to_everyone():
    text = "AWSTemplateFormatVersion: 2010-09-09\nParameters:\n  ApiToken:\n    Type: String\n  DbPassword:\n    Type: String\n    NoEcho: true\n  TokenTable:\n    Type: String\n"
    assert [(each["line"], each["name"], each["kind"]) for each in found("t.yaml", text)] == [
        (3, "ApiToken", "shown-parameter")
    ]


@given(st.text(max_size=300), st.sampled_from(["a.py", "a.yaml", "a.json", ".env", "a.tf", "a.md"]))
def test_any_text_is_read_without_error(text, path):
    for each in found(path, text):
        assert each["line"] >= 0


@given(
    st.lists(
        st.sampled_from(
            [
                *"\"'`:= ,(){}[]-\n$#",
                "password",
                "token",
                "Value",
                "default",
                "Outputs",
                "Parameters",
                "Ref",
                "\\",
                "é",
                "İ",
            ]
        ),
        max_size=60,
    )
)
def test_pieces_of_templates_and_code_are_read_without_error(parts):
    for path in ("a.py", "a.yaml", "a.json", "a.tf"):
        found(path, "AWSTemplateFormatVersion" + "".join(parts))


def test_a_password_for_the_own_machine_waits_for_a_person():
    word = "admin" + "123"
    assert [
        each["certain"] for each in found("db.go", f'sql.Open("mysql", "root:{word}@tcp(127.0.0.1:3306)/shop")\n')
    ] == [False]
    assert [
        each["certain"] for each in found("db.go", f'sql.Open("mysql", "root:{word}@tcp(db.corp.io:3306)/shop")\n')
    ] == [True]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", "      MasterUserPassword: {0} # old\n"),
        ("a.js", "const e = [{{ name: 'DB_PASSWORD', value: '{0}' }}];\n"),
        ("a.py", 'body = \'{{"user": "a", "password": "{0}"}}\'\n'),
        ("a.ts", 'const s = "{{\\"password\\":\\"{0}\\"}}";\n'),
        ("a.sql", "ALTER ROLE app WITH PASSWORD '{0}';\n"),
        ("a.sh", "docker login --username ci --password {0} registry.corp.io\n"),
    ],
)
def test_what_stands_within_something_else_is_found_and_masked(path, text):
    word = "MyDb" + "Pass#20"
    (only,) = found(path, text.format(word))
    assert only["length"] == len(word)
    assert word not in json.dumps(only)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.sh", "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n"),
        ("a.sh", "docker login -u AWS -p $(aws ecr get-login-password) registry.corp.io\n"),
        ("a.sh", 'aws configure set aws_secret_access_key "$SECRET"\n'),
        ("a.sh", "curl -H 'x-api-key: <your key>' -H 'Authorization: ${TOKEN}' https://api.corp.io\n"),
        ("a.tf", 'resource "aws_ssm_parameter" "p" {\n  name  = "/shop/table"\n  value = "orders-2024"\n}\n'),
        ("a.tf", 'resource "a" "b" {\n  name = "api-token"\n  tags = {\n    value = "shop-prod-1"\n  }\n}\n'),
        ("a.py", "# token: password = 'required'\n"),
        ("a.yaml", 'SecretString: \'{"username": "admin", "password": "${Password}"}\'\n'),
        ("a.yaml", "db:\n  password: ENC[AES256_GCM,data:Zm9vYmFyMTIz,iv:YWJjZGVm,tag:Z2hp,type:str]\n"),
        ("a.json", '{"auth": "basic", "type": "token"}'),
        ("a.py", 'WORDS = {Outcome.PASS: "passed", Outcome.FAIL: "failed"}\n'),
        ("a.sql", "SELECT user, password FROM users WHERE password = $1;\n"),
    ],
)
def test_near_misses_of_commands_and_stores_are_left_alone(path, text):
    assert found(path, text) == []
