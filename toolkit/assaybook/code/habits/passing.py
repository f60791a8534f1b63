"""Credentials that code passes on: into logs, into answers, and as presigned URLs.

Sources: boto3, "generate_presigned_url" (3600 seconds by default); AWS SDK for JavaScript, "@aws-sdk/s3-request-presigner" (900 seconds).
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..arguments import argument, options
from ..naming import UNSET, Unset, View
from ..scopes import Scope, children, within
from .answers import answering
from .fact import CREDENTIALS, Fact

_PARTS = frozenset(
    {
        "SessionToken",
        "SecretAccessKey",
        "secretAccessKey",
        "sessionToken",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "aws_session_token",
        "aws_secret_access_key",
    }
)
_GIVING = frozenset(
    {
        "assume_role",
        "get_session_token",
        "get_federation_token",
        "assume_role_with_web_identity",
        "assumeRole",
        "getSessionToken",
        "getFederationToken",
        "get_credentials",
        "get_frozen_credentials",
    }
)
_COMMANDS = frozenset({"AssumeRoleCommand", "GetSessionTokenCommand", "GetFederationTokenCommand"})
LOGS = frozenset(
    {
        "print",
        "console.log",
        "console.info",
        "console.debug",
        "console.warn",
        "console.error",
        "console.dir",
        "pprint.pprint",
    }
)
LOG_METHODS = frozenset({"info", "debug", "warning", "warn", "error", "exception", "critical", "log", "trace"})


def passing(view: View) -> Iterator[Fact]:
    """Every fact about credentials that are passed on."""
    for scope in view.scopes:
        for call in scope.calls():
            name = view.named(call.function, scope)
            yield from _presigned(view, call, scope, name)
            if logs_something(name, call):
                yield from _passed(view, [each.value for each in call.arguments], call, scope, "logged")
        seen: set[int] = set()
        for value, sent in answering(view, scope):
            if id(sent) not in seen:
                for fact in _passed(view, [value], sent, scope, "answered"):
                    seen.add(id(sent))
                    yield fact


def logs_something(name: str, call: ir.Call) -> bool:
    """Whether a call writes to the log."""
    if name in LOGS:
        return True
    if not isinstance(call.function, ir.Member) or call.function.name not in LOG_METHODS:
        return False
    return name.startswith(("logging.", "winston", "pino")) or "log" in ir.dotted(call.function.of).lower()


def _passed(view: View, values: list[ir.Expression], node: ir.Expression, scope: Scope, how: str) -> Iterator[Fact]:
    for value in values:
        said = _credential(view, value, scope)
        if said:
            what = "written to the log" if how == "logged" else "answered to the caller"
            name = view.named(node.function, scope) if isinstance(node, ir.Call) else "answer"
            yield Fact(CREDENTIALS, how, name, node.place, scope, f"{said} is {what}")
            return


def _credential(view: View, expression: ir.Expression, scope: Scope, depth: int = 4) -> str:
    """What of credentials a value holds, in words; empty if none is seen."""
    waiting: list[object] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.Closure):
            continue
        if isinstance(node, ir.Member | ir.Item):
            key = node.name if isinstance(node, ir.Member) else view.value(node.key, scope) if node.key else ""
            name = view.named(node, scope)
            if (key in _PARTS and "?" not in name[:1]) or (
                key in _PARTS and "redential" in ir.dotted(node if isinstance(node, ir.Member) else node.of)
            ):
                return str(key)
            if name in ("os.environ", "process.env"):
                return "the whole environment, with the credentials of the role in it,"
            if key == "Credentials":
                return "the answer of the token service with its credentials"
            if name.startswith(("os.environ", "process.env")):
                continue
        if isinstance(node, ir.Call):
            name = view.named(node.function, scope)
            if name.rpartition(".")[2] in _GIVING and name.startswith(("boto3.client(sts)", "?", "aws-sdk")):
                return "the answer of the token service with its credentials"
            if name in (
                "os.environ.get",
                "os.getenv",
                "os.environ.copy",
                "len",
                "bool",
                "Boolean",
                "Object.keys",
                "os.environ.keys",
            ):
                if (
                    name in ("os.environ.get", "os.getenv")
                    and node.arguments
                    and view.value(node.arguments[0].value, scope) in _PARTS
                ):
                    return str(view.value(node.arguments[0].value, scope))
                if name == "os.environ.copy":
                    return "the whole environment, with the credentials of the role in it,"
                continue
            if view.called(node, scope) is not None and not name.endswith(("stringify", "dumps")):
                continue
        if isinstance(node, ir.Name) and depth:
            found, where = view.once(node, scope)
            if found is not node and (
                isinstance(found, ir.Member | ir.Item | ir.Record | ir.Name | ir.Text) or _is_giving(view, found, where)
            ):
                said = _credential(view, found, where, depth - 1)
                if said:
                    return said
            if view.named(node, scope) in ("os.environ", "process.env"):
                return "the whole environment, with the credentials of the role in it,"
        waiting += reversed(list(_shallow(node)))
    return ""


def _shallow(node: object) -> Iterator[object]:
    if isinstance(node, ir.Member):
        # A part that is harmless (`Expiration`, `Arn`) of what holds credentials is no credential.
        return
    if isinstance(node, ir.Item):
        return
    if isinstance(node, ir.Binary) and node.operator not in ("+", "%"):
        return
    if isinstance(node, ir.Call):
        yield from (each.value for each in node.arguments)
        if isinstance(node.function, ir.Member) and node.function.name in (
            "format",
            "items",
            "json",
            "copy",
            "toString",
        ):
            yield node.function.of
        return
    yield from children(node)


def _is_giving(view: View, expression: ir.Expression, scope: Scope) -> bool:
    if not isinstance(expression, ir.Call):
        return False
    name = view.named(expression.function, scope)
    if name.rpartition(".")[2] in _GIVING and name.startswith(("boto3.client(sts)", "aws-sdk")):
        return True
    return any(
        isinstance(each, ir.Call) and view.named(each.function, scope).rpartition(".")[2] in _COMMANDS
        for each in within(expression)
    )


def _presigned(view: View, call: ir.Call, scope: Scope, name: str) -> Iterator[Fact]:
    last = name.rpartition(".")[2]
    given = options(view, call, scope)
    seconds: object = UNSET
    if last in ("generate_presigned_url", "generate_presigned_post"):
        at = argument(call, "ExpiresIn", 2 if last.endswith("url") else 4)
        seconds = view.value(at, scope) if at is not None else 3600
        if at is None and any(each.spread for each in call.arguments):
            seconds = UNSET
    elif last == "getSignedUrl" and (
        "s3-request-presigner" in name or "aws-sdk" in name or "Expires" in given or "expiresIn" in given
    ):
        found = given.get("expiresIn") or given.get("Expires")
        seconds = view.value(*found) if found else 900
    elif last == "generate_signed_url" and "expiration" in given:
        seconds = _span(view, *given["expiration"])
    elif last in (
        "generate_blob_sas",
        "generate_container_sas",
        "generate_account_sas",
        "generateBlobSASQueryParameters",
        "generateSasUrl",
    ):
        seconds = _span(view, *given["expiry"]) if "expiry" in given else UNSET
    else:
        return
    known = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    lives = (
        f"lives {int(seconds)} seconds"
        if known and isinstance(seconds, int | float)
        else "lives as long as is decided at run time"
    )
    details = {"seconds": int(seconds) if known and isinstance(seconds, int | float) else None}
    yield Fact(CREDENTIALS, "presigned", name, call.place, scope, f"the URL that {last} gives {lives}", known, details)


_SPANS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


def _span(view: View, expression: ir.Expression, scope: Scope) -> object:
    """The seconds of a span of time that is written out (`timedelta(days=7)`, also added to now); UNSET if it is not."""
    found, where = view.once(expression, scope)
    plain = view.value(found, where)
    if not isinstance(plain, Unset):
        return plain
    for node in within(found):
        if isinstance(node, ir.Call) and ir.dotted(node.function).endswith("timedelta"):
            parts = [(each.name, view.value(each.value, where)) for each in node.arguments]
            if parts and all(name in _SPANS and isinstance(value, int) for name, value in parts):
                return sum(_SPANS[name] * value for name, value in parts if isinstance(value, int))
    return UNSET
