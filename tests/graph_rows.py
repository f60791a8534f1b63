"""Rows of a small estate, from which tests of the graph build what they look at."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from assaybook.evidence import Gap, Hole, Row
from assaybook.graph import derive
from assaybook.model import Subject
from assaybook.tables.compute import Endpoint, Route, Workload
from assaybook.tables.data import Share, Store
from assaybook.tables.graph import Feed, SourcePolicy
from assaybook.tables.identity import Grant, PolicyText, Role
from assaybook.tables.scope import Account, Region

ACCOUNT, REGION, OTHER = "111122223333", "us-east-1", "777788889999"
GAP = Gap("x:Y", "denied", "AccessDenied", "x:Y", ACCOUNT, REGION)
R = TypeVar("R", bound=Row)
STARTS = {
    "bucket": "arn:aws:s3:::",
    "table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/",
    "queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:",
    "topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:",
    "stream": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/",
    "bus": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/",
    "state machine": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:",
    "secret": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:",
}


def document(*statements: dict[str, Any]) -> str:
    """A policy as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str]) -> dict[str, Any]:
    """A statement that denies."""
    return {"Effect": "Deny", "Action": action, "Resource": resource}


def lets(principal: Any, action: str, **condition: Any) -> str:
    """A resource policy with one statement."""
    made = {"Sid": "One", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return document({**made, "Condition": condition} if condition else made)


def subject(kind: str, native: str, name: str = "") -> Subject:
    """What a row is about."""
    return Subject("aws", ACCOUNT, REGION, kind, native, name or native.rpartition(":")[2].rpartition("/")[2])


def arn(kind: str, name: str) -> str:
    """The ARN of a store or source."""
    return f"{STARTS[kind]}{name}"


def function_arn(name: str = "work") -> str:
    """The ARN of a function."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def role_arn(name: str = "work") -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def workload(name: str = "work") -> Workload:
    """A function under the role of its name."""
    return Workload(
        key=function_arn(name),
        subject=subject("function", function_arn(name), name),
        sources=("E-0001",),
        name=name,
        package="zip",
        runtime="python3.13",
        role=role_arn(name),
        tags={},
        critical=False,
        production=None,
        sensitive=False,
        reserved_concurrency=None,
        tracing=True,
        network=False,
        log_group="",
    )


def role(*statements: dict[str, Any], name: str = "work", boundary: str = "", policies: Any = None) -> Role:
    """A role with one policy."""
    texts = (PolicyText("own", document(*statements)),) if statements else ()
    return Role(
        key=role_arn(name),
        subject=subject("role", role_arn(name), name),
        name=name,
        workloads=(function_arn(name),),
        policies=texts if policies is None else policies,
        boundary=PolicyText("boundary", boundary) if boundary else None,
        trust=PolicyText("trust", "{}"),
    )


def store(kind: str, name: str, *, sensitive: Any = False) -> Store:
    """A store that keeps data."""
    return Store(
        key=arn(kind, name),
        subject=subject(kind, arn(kind, name), name),
        kind=kind,
        name=name,
        encryption="",
        by_service=True,
        key_id="",
        policy="",
        transport="unasked",
        transport_setting="",
        closed=True,
        tags={},
        production=None,
        sensitive=sensitive,
    )


def share(kind: str, name: str, policy: Any = "", **more: Any) -> Share:
    """What a policy or access list opens a store to."""
    given: dict[str, Any] = {
        "policy_blocked_by": "",
        "provider_view": "",
        "access_list": (),
        "access_list_blocked_by": "",
        "shared_with_everybody": False,
        "sharing_blocked_by": "",
        "website": False,
        **more,
    }
    about = subject(kind, arn(kind, name), name)
    return Share(key=arn(kind, name), subject=about, kind=kind, name=name, policy=policy, **given)


def bus(name: str, policy: Any = "") -> SourcePolicy:
    """An event bus."""
    return SourcePolicy(
        key=arn("bus", name), subject=subject("bus", arn("bus", name)), kind="bus", name=name, policy=policy
    )


def feed(kind: str, name: str, target: str = "", **more: Any) -> Feed:
    """What hands its events on, to the function if nothing else is named."""
    source = arn(kind, name) if kind in STARTS else name
    to = target or function_arn()
    return Feed(
        key=f"{source}|{to}",
        subject=subject("feed", f"{source}|{to}"),
        kind=kind,
        source=source,
        source_name=f"{kind} {name}",
        target=to,
        **more,
    )


def url(auth: Any = "none", public: Any = True) -> Endpoint:
    """A URL of the function."""
    return Endpoint(
        key="url", subject=subject("function", function_arn()), workload=function_arn(), url="https://x", public=public, auth=auth,
        cors_origins=(),
    )  # fmt: skip


def route(auth: Any = "none", **more: Any) -> Route:
    """A route that runs the function."""
    given = {
        "api": "api-1",
        "api_name": "mobile",
        "kind": "http",
        "method": "GET",
        "path": "/x",
        "public": True,
        "guarded": "",
    }
    said = {**given, "workload": function_arn(), **more}
    key = f"{said['api']} {said['method']} {said['path']} {auth}"
    return Route(key=key, subject=subject("api-route", key), auth=auth, **said)


def grant(principal: Any, action: str = "lambda:InvokeFunction", **condition: Any) -> Grant:
    """A statement of the function's policy."""
    return Grant(
        key=f"{function_arn()}#One", subject=subject("function", function_arn()), resource_kind="function", resource=function_arn(),
        workload=function_arn(), sid="One", statement=0, policy=lets(principal, action, **condition), own_account=ACCOUNT,
    )  # fmt: skip


GROUND: tuple[Row, ...] = (
    Account(
        key=ACCOUNT, subject=subject("account", ACCOUNT), account=ACCOUNT, organisation="o-own", management_account=""
    ),
    Region(key=f"{ACCOUNT}/{REGION}", subject=subject("region", REGION), account=ACCOUNT, region=REGION, workloads=1),
)


class Derived:
    """What the graph makes of rows; a function under a role without rights is there if none is given."""

    def __init__(self, *items: Row | Hole, declared: dict[str, str] | None = None) -> None:
        given = list(items)
        if not any(isinstance(each, Workload) for each in given):
            given.append(workload())
        if not any(isinstance(each, Role) for each in given):
            given.append(role(allow("logs:PutLogEvents", "*")))
        self.items = list(derive([*GROUND, *given], declared))

    def rows(self, table: type[R]) -> list[R]:
        """The rows of a table."""
        return [each for each in self.items if isinstance(each, table)]

    def one(self, table: type[R]) -> R:
        """The only row of a table."""
        (row,) = self.rows(table)
        return row

    def holes(self, table: type[Row]) -> list[Hole]:
        """The holes of a table."""
        return [each for each in self.items if isinstance(each, Hole) and each.table is table]
