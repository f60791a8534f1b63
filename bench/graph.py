"""How long the graph of 10,000 functions with a role each takes, among 8,000 stores, against reading each policy once, which no graph can avoid."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from assaybook.evidence import Hole, Row
from assaybook.graph import derive
from assaybook.model import Subject
from assaybook.policy.document import _parse_text, parse_policy
from assaybook.tables.compute import Route, Workload
from assaybook.tables.data import Share, Store
from assaybook.tables.graph import AttackPath, Feed, Trigger
from assaybook.tables.identity import Grant, PolicyText, Role
from assaybook.tables.scope import Account

FUNCTIONS, STORES, BOUND = 10_000, 2_000, 25.0
ACCOUNT, REGION = "111122223333", "us-east-1"
KINDS = {
    "table": (f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/", "dynamodb:GetItem"),
    "bucket": ("arn:aws:s3:::", "s3:PutObject"),
    "queue": (f"arn:aws:sqs:{REGION}:{ACCOUNT}:", "sqs:ReceiveMessage"),
    "secret": (f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:", "secretsmanager:GetSecretValue"),
}
BOUNDARY = PolicyText("boundary", json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["dynamodb:*", "s3:*", "sqs:*", "logs:*", "secretsmanager:Get*"], "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::payroll-*"},
]}))  # fmt: skip


def subject(kind: str, native: str) -> Subject:
    """The subject of a row."""
    return Subject("aws", ACCOUNT, REGION, kind, native, native.rpartition(":")[2])


def stores() -> Iterator[Row]:
    """Stores of each kind, every tenth sensitive; buckets and queues with a policy of their own."""
    for kind, (start, _) in KINDS.items():
        for number in range(STORES):
            arn = f"{start}{kind}-{number:05d}"
            common = {"key": arn, "subject": subject(kind, arn), "kind": kind, "name": f"{kind}-{number:05d}"}
            allow = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "*", "Resource": arn}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
            yield Share(
                **common, policy=policy, policy_blocked_by="", provider_view="", access_list=(), access_list_blocked_by="",
                shared_with_everybody=False, sharing_blocked_by="", website=False,
            )  # fmt: skip
            if kind != "secret":
                yield Store(
                    **common, encryption="", by_service=True, key_id="", policy=policy, transport="unasked", transport_setting="",
                    closed=True, tags={}, production=None, sensitive=number % 10 == 0,
                )  # fmt: skip


def policy_of(number: int) -> str:
    """What a role may do: its own stores as a rule; one in fifty everything of a service, one in a thousand everything."""
    made = []
    for kind, (start, action) in KINDS.items():
        inside = "/*" if kind == "bucket" else "-??????" if kind == "secret" else ""
        made.append(
            {"Effect": "Allow", "Action": action, "Resource": f"{start}{kind}-{number * 7 % STORES:05d}{inside}"}
        )
    if number % 50 == 0:
        made.append({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    if number % 1000 == 0:
        made.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": made})


def functions() -> Iterator[Row]:
    """Functions with a role, a grant, a route and a queue or bucket each."""
    for number in range(FUNCTIONS):
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:function-{number:05d}"
        role = f"arn:aws:iam::{ACCOUNT}:role/role-{number:05d}"
        about = subject("function", arn)
        yield Workload(
            key=arn, subject=about, name=about.name, package="zip", runtime="python3.13", role=role, tags={}, critical=False, production=None,
            sensitive=False, reserved_concurrency=None, tracing=True, network=False, log_group="",
        )  # fmt: skip
        policies = (PolicyText("own", policy_of(number)),)
        yield Role(
            key=role, subject=subject("role", role), name=f"role-{number:05d}", workloads=(arn,), policies=policies,
            boundary=BOUNDARY if number % 3 == 0 else None, trust=PolicyText("trust", "{}"),
        )  # fmt: skip
        allow = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": arn,
                 "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:api{number}/*"}}}  # fmt: skip
        yield Grant(
            key=f"{arn}#api", subject=about, resource_kind="function", resource=arn, workload=arn, sid="api", statement=0,
            policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}), own_account=ACCOUNT,
        )  # fmt: skip
        yield Route(
            key=f"{arn} route", subject=about, api=f"api-{number // 20}", api_name=f"api-{number // 20}", kind="http", method="GET",
            path=f"/{number}", auth="none" if number % 5 == 0 else "jwt", public=True, guarded="", workload=arn,
        )  # fmt: skip
        kind = "queue" if number % 2 else "bucket"
        source = f"{KINDS[kind][0]}{kind}-{number % STORES:05d}"
        yield Feed(
            key=f"{source} {arn}", subject=about, kind=kind, source=source, source_name=f"{kind} {number % STORES}", target=arn,
        )  # fmt: skip


def main() -> None:
    """Print the seconds and the ratio."""
    rows: list[Row | Hole] = [*stores(), *functions()]
    rows.append(
        Account(
            key=ACCOUNT, subject=subject("account", ACCOUNT), account=ACCOUNT, organisation="", management_account=""
        )
    )
    start = time.perf_counter()
    for row in rows:
        if isinstance(row, Role):
            for each in row.policies:
                parse_policy(each.text)
        elif isinstance(row, Grant):
            parse_policy(row.policy)
    plain = time.perf_counter() - start
    _parse_text.cache_clear()
    start = time.perf_counter()
    made = list(derive(rows))
    took = time.perf_counter() - start
    counted = {table.__name__: sum(type(each) is table for each in made) for table in (Trigger, AttackPath)}
    print(
        f"{FUNCTIONS:,} functions, {len(KINDS) * STORES:,} stores: {', '.join(f'{number:,} {name} rows' for name, number in counted.items())}"
    )
    print(f"graph  {took:6.2f} s")
    print(f"plain  {plain:6.2f} s (each policy read once), ratio {took / plain:.1f} (bound: {BOUND:.0f})")


if __name__ == "__main__":
    main()
