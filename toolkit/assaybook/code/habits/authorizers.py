"""Authorizers of APIs: whom they let in, and how they compare what callers give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..naming import Unset, View
from ..scopes import Scope, key_of
from .answers import root
from .fact import TOKENS, Fact

_VERIFYING = re.compile(r"(?i)verif|validat|authenticate|jwtVerify|introspect|decrypt")
_TOKEN = re.compile(r"token|authorization|api_?key|secret|bearer|password|credential", re.IGNORECASE)


def _fact(
    kind: str, name: str, node: ir.Expression, scope: Scope, said: str, *, certain: bool = True, hidden: bool = False
) -> Fact:
    return Fact(TOKENS, kind, name, node.place, scope, said, certain, hidden=hidden)


def is_authorizer(view: View, top: Scope) -> bool:
    """Whether a module makes the answers of an authorizer: a policy document for an API, or `isAuthorized`."""
    for scope in top.nest():
        for node in scope.nodes:
            if isinstance(node, ir.Record):
                keys = {key_of(entry.key) for entry in node.entries if entry.key is not None}
                if keys & {"policyDocument", "isAuthorized"}:
                    return True
            elif isinstance(node, ir.Assign):
                for target in node.targets:
                    key = (
                        view.value(target.key, scope)
                        if isinstance(target, ir.Item) and target.key
                        else getattr(target, "name", "")
                    )
                    if key in ("policyDocument", "isAuthorized"):
                        return True
    return False


def authorizer_facts(view: View, top: Scope) -> Iterator[Fact]:
    """Every fact about the authorizer of a module."""
    constants = {
        each.value
        for scope in top.nest()
        for node in scope.nodes
        for each in (node,)
        if isinstance(each, ir.Constant) and isinstance(each.value, str)
    }
    raises = any(isinstance(node, ir.Raise) for scope in top.nest() for node in scope.nodes) or _verifies(view, top)
    decides = raises or "Deny" in constants or "deny" in constants or "Unauthorized" in constants
    for scope in top.nest():
        for node in scope.nodes:
            if isinstance(node, ir.Record):
                yield from _granted(view, node, scope, decides)
            elif isinstance(node, ir.Binary) and node.operator in ("==", "===", "!=", "!=="):
                yield from _compared(view, node, scope)


def _verifies(view: View, top: Scope) -> bool:
    """Whether something is called that verifies and raises if it does not hold: `await verifier.verify(token)`."""
    return any(
        _VERIFYING.search(view.named(call.function, scope).rpartition(".")[2] or ir.dotted(call.function))
        for scope in top.nest()
        for call in scope.calls()
    )


def _granted(view: View, record: ir.Record, scope: Scope, decides: bool) -> Iterator[Fact]:
    entries = {key_of(entry.key): entry.value for entry in record.entries if entry.key is not None}
    if (
        "isAuthorized" in entries
        and view.value(entries["isAuthorized"], scope) is True
        and not decides
        and not _conditions(scope)
    ):
        yield _fact(
            "allows-everyone",
            "isAuthorized",
            record,
            scope,
            "the authorizer answers isAuthorized true without any condition",
        )
    effect = entries.get("Effect")
    if effect is None or "Action" not in entries or "execute-api" not in str(view.leading(entries["Action"], scope)):
        return
    if view.value(effect, scope) == "Allow" and not decides and not any(_conditions(each) for each in scope.top.nest()):
        yield _fact(
            "allows-everyone", "policyDocument", record, scope, "the authorizer allows every call without any condition"
        )
    if "Resource" in entries and view.value(entries["Resource"], scope) == "*":
        yield _fact(
            "allows-every-route",
            "policyDocument",
            record,
            scope,
            "the authorizer's policy allows all routes at once (Resource *), whatever the caller asked for",
            certain=False,
        )


def _conditions(scope: Scope) -> bool:
    return any(isinstance(node, ir.If | ir.Choice) for node in scope.nodes)


def _compared(view: View, compared: ir.Binary, scope: Scope) -> Iterator[Fact]:
    left, right = compared.left, compared.right
    for one, other in ((left, right), (right, left)):
        said = _last(one)
        value = view.value(other, scope)
        # What the request holds, against a text of the code.
        if not _TOKEN.search(said) or not isinstance(view.value(one, scope), Unset):
            continue
        if (
            isinstance(value, str)
            and len(value) >= 4
            and value.lower()
            not in ("bearer", "token", "basic", "undefined", "null", "none", "request", "refresh", "access")
        ):
            yield _fact(
                "fixed-token",
                "==",
                compared,
                scope,
                f"the authorizer compares {said} with a text that is written into the code",
                hidden=True,
            )
            return
        name = view.named(other, scope)
        if isinstance(value, Unset) and name.startswith(("os.environ", "os.getenv", "process.env")):
            yield _fact(
                "compare-not-constant-time",
                "==",
                compared,
                scope,
                f"the authorizer compares {said} with ==, whose time tells how much of it is right",
                certain=False,
            )
            return


def _last(expression: ir.Expression) -> str:
    if isinstance(expression, ir.Member):
        return expression.name
    if isinstance(expression, ir.Item) and isinstance(expression.key, ir.Constant):
        return str(expression.key.value)
    return root(expression) if isinstance(expression, ir.Name | ir.Call) else ""
