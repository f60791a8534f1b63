"""How fast the policy evaluator decides, against a plain evaluator that reads every statement each time, and how long an account takes.

The bounds: 2,000 decisions a second on policies of 50 statements, and 5 s for 500 roles against all escalation paths.
"""

from __future__ import annotations

import fnmatch
import json
import random
import time
from collections.abc import Callable
from typing import Any

from assaybook.model import Subject
from assaybook.policy.bearers import Account, bearer
from assaybook.policy.escalation import escalations
from assaybook.policy.identity import permissions
from assaybook.policy.steps import paths
from assaybook.policy.truth import Truth
from assaybook.tables.identity import PolicyText, Principal

STATEMENTS, DECISIONS, ROLES = 50, 20_000, 500
ACCOUNT = "111122223333"
SERVICES = ("dynamodb", "s3", "sqs", "sns", "lambda", "kms", "events", "states")
VERBS = ("GetItem", "PutItem", "Query", "SendMessage", "Publish", "Decrypt", "PutEvents", "StartExecution")


def statement(chance: random.Random) -> dict[str, Any]:
    """A statement such as policies of workloads have them, now and then a Deny or one with a condition."""
    service = chance.choice(SERVICES)
    actions = [f"{service}:{chance.choice(VERBS)}" for _ in range(3)] + (
        [f"{service}:Get*"] if chance.random() < 0.3 else []
    )
    made = {
        "Effect": "Deny" if chance.random() < 0.1 else "Allow",
        "Action": actions,
        "Resource": [f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing/{chance.randrange(200)}-*" for _ in range(2)],
    }
    if chance.random() < 0.2:
        made["Condition"] = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    return made


def plainly(document: dict[str, Any], action: str, resource: str) -> bool:
    """The baseline: every statement looked at, wildcards by fnmatch, conditions left out."""
    allowed = False
    for one in document["Statement"]:
        named = any(fnmatch.fnmatchcase(action.lower(), each.lower()) for each in one["Action"])
        if named and any(fnmatch.fnmatchcase(resource, each) for each in one["Resource"]):
            if one["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def taken(run: Callable[[], int]) -> tuple[float, int]:
    """Seconds, and what the run counted."""
    start = time.perf_counter()
    counted = run()
    return time.perf_counter() - start, counted


def role(number: int, chance: random.Random) -> Principal:
    """A role of a function; one in twenty may pass roles, one in fifty is an administrator."""
    statements = [statement(chance) for _ in range(8)]
    if number % 20 == 0:
        wide = ["iam:PassRole", "lambda:*", "iam:CreateAccessKey", "glue:*", "states:*", "cloudformation:*"]
        statements.append({"Effect": "Allow", "Action": wide, "Resource": "*"})
    if number % 50 == 1:
        statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    arn = f"arn:aws:iam::{ACCOUNT}:role/role-{number}"
    service = "lambda.amazonaws.com" if number % 10 else "states.amazonaws.com"
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return Principal(
        key=arn,
        subject=Subject("aws", ACCOUNT, "global", "role", arn, f"role-{number}"),
        name=f"role-{number}",
        kind="role",
        path="/",
        policies=(PolicyText("own", json.dumps({"Version": "2012-10-17", "Statement": statements})),),
        boundary=None,
        service_control=(),
        service_control_known=True,
        trust=PolicyText("trust policy", json.dumps({"Version": "2012-10-17", "Statement": [trust]})),
        service_linked=False,
        workloads=(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f-{number}",),
        created=None,
        last_used=None,
        console=False,
        groups=(),
    )


def main() -> None:
    """Print the seconds of each measurement."""
    chance = random.Random(20261124)
    document = {"Version": "2012-10-17", "Statement": [statement(chance) for _ in range(STATEMENTS)]}
    asked = [
        (
            f"{service}:{chance.choice(VERBS)}",
            f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing/{chance.randrange(200)}-{number}",
        )
        for number in range(DECISIONS)
        for service in [chance.choice(SERVICES)]
    ]
    held = permissions([document])
    ours, _ = taken(lambda: sum(held.allows(*each).granted is Truth.TRUE for each in asked))
    plain, _ = taken(lambda: sum(plainly(document, *each) for each in asked))
    print(f"decisions on {STATEMENTS} statements: {DECISIONS / ours:,.0f} a second (bound: 2,000)")
    print(f"plain {DECISIONS / plain:,.0f} a second, ratio {ours / plain:.2f}")
    rows = [role(number, chance) for number in range(ROLES)]

    def whole() -> int:
        bearers = [bearer(row) for row in rows]
        around = Account(bearers)
        return sum(len(escalations(each, around)) for each in bearers)

    seconds, found = taken(whole)
    print(f"{ROLES} roles against {len(paths())} paths: {seconds:.2f} s, {found} found (bound: 5 s)")


if __name__ == "__main__":
    main()
