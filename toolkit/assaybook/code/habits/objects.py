"""Handlers that take the id of an object from the path, hand it to a store, and never look at who is calling. Only ever a candidate for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..naming import View
from ..scopes import Scope
from .answers import is_route
from .fact import OBJECTS, Fact
from .lists import set_of
from .reach import Started

_PATHS = frozenset({"pathParameters", "path_parameters", "params", "view_args", "route_params", "path_params"})
_ID = re.compile(
    r"(?:^|[_a-z])(?:id|Id|ID|uuid|Uuid|key|number|No)$|^(?:order|user|account|item|document|customer|invoice|patient|employee|record|file|username|name|email|proxy)$"
)
_STORE = set_of(
    "find get_item delete_item update_item query scan getItem deleteItem updateItem get delete update put findById findOne "
    "findByPk findUnique findFirst findByIdAndUpdate findByIdAndDelete findOneAndUpdate "
    "findOneAndDelete deleteOne updateOne destroy remove execute executemany fetchone find_one delete_one update_one "
    "get_object delete_object getObject deleteObject read_item delete_item replace_item "
    "document send get_or_404 filter_by first"
)
_COMMANDS = re.compile(r"(?:Get|Delete|Update|Query|Put)(?:Item|Object)?Command$|ExecuteStatementCommand$")
_IDENTITY = re.compile(
    r"^(?:authorizer|claims|identity|principal_?id|current_?user|user_?claims|jwt|session|cognito.*|sub|owner.*|tenant.*|is_?owner|auth.*|get_?jwt_identity|caller.*|permission.*|user_?pool|"
    r"x-user-id|req_?user|g_user|logged_?in.*|token|bearer|check_?access.*|can_?access.*|access_?control)$",
    re.IGNORECASE,
)


def objects(view: View, starts: tuple[Started, ...]) -> Iterator[Fact]:
    """One fact for each handler that reads an id and never the caller's identity."""
    handlers = [each.scope for each in starts if each.scope.function is not None]
    handlers += [scope for scope in view.scopes if is_route(scope) or _is_express(view, scope)]
    seen: set[int] = set()
    for scope in handlers:
        if id(scope) in seen:
            continue
        seen.add(id(scope))
        found = _id_read(view, scope)
        if found is None:
            continue
        name, place = found
        within = _run(view, scope)
        store = next((said for each in within for said in _stores(view, each)), "")
        if store and not any(_identity(view, each) for each in within):
            said = f"{scope.shown} takes {name} from the path and asks a store for it ({store}), and reads nothing about who is calling"
            yield Fact(
                OBJECTS, "owner-not-checked", store, place, scope, said, certain=False, details={"parameter": name}
            )


def _is_express(view: View, scope: Scope) -> bool:
    return scope.parameters[:2] in (("req", "res"), ("request", "reply"), ("request", "response"))


def _run(view: View, scope: Scope, depth: int = 4) -> list[Scope]:
    """The functions that a handler runs, as far as they are called by name."""
    found: list[Scope] = []
    waiting = [(scope, depth)]
    seen: set[int] = set()
    while waiting:
        each, left = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        found.append(each)
        waiting += [(inner, left) for inner in each.inner]
        if left:
            waiting += [(called, left - 1) for call in each.calls() if (called := view.called(call, each)) is not None]
    return found


def _id_read(view: View, scope: Scope) -> tuple[str, ir.Place] | None:
    for each in scope.nest():
        for node in each.nodes:
            key = (
                node.name
                if isinstance(node, ir.Member)
                else view.value(node.key, each)
                if isinstance(node, ir.Item) and node.key
                else ""
            )
            if (
                isinstance(node, ir.Call)
                and isinstance(node.function, ir.Member)
                and node.function.name == "get"
                and node.arguments
            ):
                key, of = view.value(node.arguments[0].value, each), node.function.of
            elif isinstance(node, ir.Member | ir.Item):
                of = node.of
            else:
                continue
            if isinstance(key, str) and _ID.search(key) and _path_of(view, of, each):
                return key, node.place
    if is_route(scope) and scope.function is not None:
        paths = " ".join(
            str(view.value(argument.value, scope))
            for decorator in scope.function.decorators
            if isinstance(decorator, ir.Call)
            for argument in decorator.arguments[:1]
        )
        for name in scope.parameters:
            if name and _ID.search(name) and re.search(rf"[<{{:](?:\w+:)?{re.escape(name)}\b", paths):
                return name, scope.function.place
    return None


def _path_of(view: View, of: ir.Expression, scope: Scope) -> bool:
    found, where = view.once(of, scope)
    if isinstance(found, ir.Choice):
        found = found.yes
    if (
        isinstance(found, ir.Call)
        and isinstance(found.function, ir.Member)
        and found.function.name == "get"
        and found.arguments
    ):
        return view.value(found.arguments[0].value, where) in _PATHS
    if isinstance(found, ir.Member):
        # In Python a request's `params` are those of its query (azure.functions.HttpRequest, falcon.Request, bottle.request).
        return found.name in _PATHS and (found.name != "params" or scope.module.language != ir.PYTHON)
    return isinstance(found, ir.Item) and found.key is not None and view.value(found.key, where) in _PATHS


def _stores(view: View, scope: Scope) -> Iterator[str]:
    for call in scope.calls():
        name = view.named(call.function, scope)
        last = name.rpartition(".")[2]
        if _COMMANDS.search(last):
            yield last
        elif last in _STORE and isinstance(call.function, ir.Member) and _is_store(name, call.function.of):
            yield f"{ir.dotted(call.function) or last}"


# Names that no other library has.
_OF_STORES_ALONE = set_of(
    "findById findByPk findUnique findByIdAndUpdate findByIdAndDelete findByIdAndRemove findOneAndUpdate findOneAndDelete "
    "get_or_404 find_one delete_one update_one getItem deleteItem get_item delete_item read_item"
)
_STORES = re.compile(
    r"dynamo|table|document|db|database|cursor|cur\b|conn|collection|model|repo|store|sql|s3|container|mongo|pool|client|session|ddb|firestore|prisma|knex",
    re.IGNORECASE,
)


def _is_store(name: str, of: ir.Expression) -> bool:
    before = name.rpartition(".")[0]
    if before.startswith(("requests", "axios", "httpx", "os.environ", "json")):
        return False
    return (
        name.rpartition(".")[2] in _OF_STORES_ALONE
        or bool(_STORES.search(ir.dotted(of) or before))
        or bool(_STORES.search(before))
    )


def _identity(view: View, scope: Scope) -> bool:
    for node in scope.nodes:
        said = node.name if isinstance(node, ir.Member) else node.id if isinstance(node, ir.Name) else ""
        if isinstance(node, ir.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            said = node.value
        if said and _IDENTITY.match(said):
            return True
        if (
            isinstance(node, ir.Member)
            and node.name == "user"
            and isinstance(node.of, ir.Name)
            and node.of.id in ("req", "request", "g", "ctx")
        ):
            return True
    function = scope.function
    if function is None:
        return False
    return any(
        _IDENTITY.match(ir.dotted(each.function if isinstance(each, ir.Call) else each).rpartition(".")[2])
        or "auth" in ir.dotted(each).lower()
        or "login" in ir.dotted(each).lower()
        for each in function.decorators
    )
