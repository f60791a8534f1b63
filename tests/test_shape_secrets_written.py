"""What was found in files becomes rows: one for each secret, with a key that lines do not move, and holes for what was not searched."""

from __future__ import annotations

from assaybook.capture import FAILED, OK, Capture, Captures, Target
from assaybook.evidence import Hole
from assaybook.shape.source.secrets import shape_written_secrets
from assaybook.tables.secrets import WrittenSecret

TREE = Target("source", "shop", "tree")
ARN = "arn:aws:lambda:eu-west-1:000111222333:function:orders"


def secret(**changes):
    return {
        "file": "db.py",
        "line": 3,
        "name": "PASSWORD",
        "kind": "password",
        "length": 9,
        "fingerprint": "f",
        "placeholder": False,
        "certain": True,
        "code": "x",
    } | changes


def shaped(*secrets, skipped=(), target=TREE, workloads=(), state=OK, **more):
    params = {"package": "services/orders"}
    answer = {"searched": 7, "skipped": list(skipped), "secrets": list(secrets), "workloads": list(workloads)} | more
    captures = [
        Capture("code:Package", target, params, OK, {"entries": [{"workload": each} for each in workloads]}),
        Capture("code:Secrets", target, params, state, answer if state == OK else {}, reason="too large", ref="E-0002"),
    ]
    return list(shape_written_secrets(Captures(captures)))


def test_a_secret_is_a_row_at_its_place():
    [row] = shaped(secret(), located="services/orders")
    assert isinstance(row, WrittenSecret)
    assert (row.path, row.where, row.sources, row.searched) == (
        "services/orders/db.py",
        "services/orders/db.py:3",
        ("E-0002",),
        7,
    )
    assert (row.subject.kind, row.subject.name) == ("file", "services/orders/db.py")


def test_its_key_stays_when_lines_move_and_two_alike_differ():
    before = {each.key for each in shaped(secret(line=3), secret(line=9))}
    after = {each.key for each in shaped(secret(line=5), secret(line=11))}
    assert before == after
    assert len(before) == 2


def test_a_package_without_any_says_so():
    [row] = shaped()
    assert (row.kind, row.where, row.searched) == ("none", "", 7)


def test_the_function_that_runs_a_deployed_package_is_the_subject():
    [row] = shaped(secret(), target=Target("aws", "000111222333", "eu-west-1"), workloads=(ARN,))
    assert (row.subject.kind, row.subject.native, row.workloads) == ("function", ARN, (ARN,))


def test_what_was_not_searched_is_missing():
    row, missing = shaped(skipped=[{"file": "big.json", "why": "larger than 10 MB"}])
    assert row.kind == "none"
    assert isinstance(missing, Hole)
    assert "big.json" in str(missing.gap)


def test_a_package_that_could_not_be_read_is_missing():
    [missing] = shaped(state=FAILED)
    assert isinstance(missing, Hole)
    assert missing.subject.name == "services/orders"


def test_an_odd_answer_is_missing():
    [missing] = shaped({"file": 3})
    assert isinstance(missing, Hole)
    assert "unexpected answer" in str(missing.gap)
