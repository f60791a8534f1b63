"""Whether a policy turns away requests without TLS: whole, in part, or not to be told."""

from __future__ import annotations

from typing import Any

import pytest

from assaybook.policy.plaintext import refuses_plaintext
from assaybook.policy.truth import Truth

BUCKET = "arn:aws:s3:::orders"
BOTH = (BUCKET, f"{BUCKET}/*")
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def deny(condition: Any = INSECURE, **statement: Any) -> dict[str, Any]:
    base = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": list(BOTH),
        "Condition": condition,
    }
    if "NotPrincipal" in statement:
        del base["Principal"]
    if "NotAction" in statement:
        del base["Action"]
    return {**base, **statement}


@pytest.mark.parametrize(
    ("statements", "refused", "uncovered"),
    [
        ([deny()], T, ()),
        ([deny(Action="*", Resource="*")], T, ()),
        ([deny(Principal={"AWS": "*"})], T, ()),
        ([deny({"Bool": {"aws:SecureTransport": False}})], T, ()),
        ([deny({"BoolIfExists": {"aws:securetransport": "False"}})], T, ()),
        ([deny({"StringEquals": {"aws:SecureTransport": "false"}})], T, ()),
        ([deny({"StringNotEquals": {"aws:SecureTransport": "true"}})], T, ()),
        ([deny({}, Action="s3:*")], T, ()),
        ([deny(Resource=BUCKET), deny(Resource=f"{BUCKET}/*")], T, ()),
        ([deny(NotAction="sqs:*")], T, ()),
        ([deny({"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}})], T, ()),
        ([deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}})], U, tuple(f"s3:* on {one}" for one in BOTH)),
        (
            [deny({**INSECURE, "StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
            U,
            tuple(f"s3:* on {one}" for one in BOTH),
        ),
        ([deny({"Novel": {"aws:SecureTransport": "false"}})], U, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny({"Bool": {"aws:SecureTransport": "true"}})], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny(Resource=BUCKET)], F, (f"s3:* on {BUCKET}/*",)),
        ([deny(Resource=f"{BUCKET}/*")], F, (f"s3:* on {BUCKET}",)),
        ([deny(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny(Action="s3:GetObject")], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny(NotAction="s3:GetObject")], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny(Principal={"AWS": "111122223333"})], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([deny(NotPrincipal={"AWS": "111122223333"})], F, tuple(f"s3:* on {one}" for one in BOTH)),
        ([], F, tuple(f"s3:* on {one}" for one in BOTH)),
        (
            [{**deny({"Bool": {"aws:SecureTransport": "true"}}), "Effect": "Allow"}],
            F,
            tuple(f"s3:* on {one}" for one in BOTH),
        ),
    ],
)
def test_bucket(statements: list[dict[str, Any]], refused: Truth, uncovered: tuple[str, ...]) -> None:
    found = refuses_plaintext({"Version": "2012-10-17", "Statement": statements}, ["s3:*"], BOTH)
    assert (found.refused, found.uncovered) == (refused, uncovered)


def test_the_sentence_says_what_is_not_covered() -> None:
    def because(*statements: dict[str, Any]) -> str:
        return refuses_plaintext({"Statement": list(statements)}, ["s3:*"], BOTH).because

    assert because(deny()) == "Plaintext is refused by statement 'Tls'."
    assert because() == "Plaintext is allowed: no Deny applies when a request comes without TLS."
    assert because(deny(Resource=BUCKET)).endswith(f"statement 'Tls' does not cover s3:* on {BUCKET}/*.")
    assert because(deny(NotPrincipal={"AWS": "111122223333"})).endswith("statement 'Tls' spares 111122223333.")
    assert because(deny(Principal={"AWS": "111122223333"})).endswith("spares all but 111122223333.")
    assert "hangs on NumericLessThan s3:TlsVersion = 1.2" in because(deny({"NumericLessThan": {"s3:TlsVersion": 1.2}}))


def test_queue_actions_in_use_need_only_be_covered() -> None:
    queue = "arn:aws:sqs:us-east-1:111122223333:orders"
    statement = deny(Action=["sqs:SendMessage", "sqs:ReceiveMessage"], Resource=queue)
    assert refuses_plaintext({"Statement": statement}, ["sqs:SendMessage"], queue).refused is T
    found = refuses_plaintext({"Statement": statement}, ["sqs:SendMessage", "sqs:PurgeQueue"], queue)
    assert (found.refused, found.uncovered) == (F, (f"sqs:PurgeQueue on {queue}",))


def test_nothing_to_cover_is_not_refused() -> None:
    assert refuses_plaintext({"Statement": deny()}, [], BUCKET).refused is F
