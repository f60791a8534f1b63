"""Which functions a workload's handler may run: by what is named within what it runs. Names of methods are followed to all methods of that name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from .. import ir
from ..entries import find
from ..naming import View
from ..package import Entry
from ..scopes import Scope, within

_HANDLERS = re.compile(
    r"^(?:lambda_?handler|handler|main|handle|index|process_?event|entry_?point|.*_handler|.*Handler)$"
)
_EVENTS = frozenset(
    {"event", "evt", "req", "request", "data", "cloud_event", "cloudEvent", "msg", "ctx", "input", "_event"}
)


@dataclass(frozen=True)
class Started:
    """An entry and the function that it names."""

    entry: Entry
    scope: Scope


def started(view: View) -> tuple[Started, ...]:
    """The functions that the entries of the package name; where it has none, those that look like handlers."""
    found = []
    for entry in view.program.package.entries:
        scope = _handler(view, entry)
        if scope is not None:
            found.append(Started(entry, scope))
    return tuple(found) or tuple(_guessed(view))


def _handler(view: View, entry: Entry) -> Scope | None:
    way = find(view.program, entry)
    top = view.tops.get(way.path)
    if top is None:
        return None
    found = view.given(top, way.name)
    if found is None and isinstance(top.exports.get("default"), ir.Record | ir.Closure):
        default = top.exports["default"]
        found = _member(view, top, default, way.name) if isinstance(default, ir.Record) else view.function(default, top)
    found = found or _wrapped(view, top, way.name)
    # An application within a wrapper (`serverless(app)`, `Mangum(app)`): whatever the module registers may run.
    return found or (top if way.name in top.exports or way.name in top.names else None)


def _member(view: View, top: Scope, record: ir.Record, name: str) -> Scope | None:
    for entry in record.entries:
        if entry.key is not None and name in (getattr(entry.key, "id", None), getattr(entry.key, "value", None)):
            return view.function(entry.value, top)
    return None


def _wrapped(view: View, top: Scope, name: str) -> Scope | None:
    """The function within a wrapper: `export const handler = middy(fn).use(...)`."""
    values = [top.exports[name]] if name in top.exports else [each for each in top.names.get(name, []) if each]
    for value in values:
        if isinstance(value, ir.Name) and value.id != name and value.id in top.names:
            values = [*values, *(each for each in top.names[value.id] if each)]
        for each in within(value):
            if isinstance(each, ir.Closure | ir.Name):
                found = view.function(each, top)
                if found is not None:
                    return found
    return None


def _guessed(view: View) -> list[Started]:
    found = []
    for top in view.tops.values():
        named = {name: scope for name, scope in top.functions.items() if "." not in name}
        for name in top.exports:
            scope = view.given(top, name) or _wrapped(view, top, name)
            if scope is not None or _HANDLERS.match(name):
                named.setdefault(name, scope or top)
        for name, scope in sorted(named.items()):
            first = scope.parameters[0] if scope.parameters else ""
            if _HANDLERS.match(name) and (
                first in _EVENTS or (name in top.exports and top.module.language != ir.PYTHON)
            ):
                found.append(Started(Entry("", f"{top.module.path}:{name}", guessed=True), scope))
    return found


def reached(view: View, starts: tuple[Started, ...]) -> Mapping[int, tuple[str, ...]]:
    """The workloads (or, where none is known, the handlers) that may run each scope, by its identity."""
    methods: defaultdict[str, list[Scope]] = defaultdict(list)
    for scope in view.scopes:
        if scope.function is not None and scope.function.method_of:
            methods[scope.function.name].append(scope)
            # Whoever names a class may run all of it.
            methods[f"class {scope.function.method_of.rpartition('.')[2]}"].append(scope)
    # What a handler imports runs as far as it stands outside functions; what is in a function runs if it is named. All methods of a name hang on that name, so that
    # a name that many classes share makes no edge for each pair.
    edges: dict[int | str, list[int | str]] = {
        id(scope): [*_named_in(view, scope, methods), id(scope.top)] for scope in view.scopes
    }
    edges.update((name, [id(each) for each in scopes]) for name, scopes in methods.items())
    marks = sorted({_mark(start) for start in starts})
    number = {mark: place for place, mark in enumerate(marks)}
    bits: defaultdict[int | str, int] = defaultdict(int)
    for start in starts:
        bits[id(start.scope)] |= 1 << number[_mark(start)]
    told: dict[int, tuple[str, ...]] = {}
    found: dict[int, tuple[str, ...]] = {}
    for key, mask in _spread(edges, bits).items():
        if mask and isinstance(key, int):
            if mask not in told:
                told[mask] = tuple(each for place, each in enumerate(marks) if mask >> place & 1)
            found[key] = told[mask]
    return found


def _mark(start: Started) -> str:
    return start.entry.workload or start.entry.handler


def _spread(edges: Mapping[int | str, list[int | str]], given: Mapping[int | str, int]) -> dict[int | str, int]:
    """What each node gets from those that lead to it: each group of nodes that lead to each other at once, in an order in which givers come first."""
    masks: dict[int | str, int] = {}
    for group in reversed(_groups(edges)):
        mask = 0
        for each in group:
            mask |= masks.get(each, 0) | given.get(each, 0)
        for each in group:
            masks[each] = mask
            for after in edges.get(each, ()):
                masks[after] = masks.get(after, 0) | mask
    return masks


def _groups(edges: Mapping[int | str, list[int | str]]) -> list[list[int | str]]:
    """The strongly connected components, each after those that it leads to. Source: R. Tarjan, "Depth-first search and linear graph algorithms"."""
    number: dict[int | str, int] = {}
    low: dict[int | str, int] = {}
    open_nodes: list[int | str] = []
    is_open: set[int | str] = set()
    groups: list[list[int | str]] = []
    for root in edges:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        open_nodes.append(root)
        is_open.add(root)
        path = [(root, iter(edges[root]))]
        while path:
            node, after = path[-1]
            for each in after:
                if each not in number:
                    number[each] = low[each] = len(number)
                    open_nodes.append(each)
                    is_open.add(each)
                    path.append((each, iter(edges.get(each, ()))))
                    break
                if each in is_open:
                    low[node] = min(low[node], number[each])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == number[node]:
                    group: list[int | str] = []
                    while not group or group[-1] != node:
                        group.append(open_nodes.pop())
                        is_open.discard(group[-1])
                    groups.append(group)
    return groups


def _named_in(view: View, scope: Scope, methods: Mapping[str, list[Scope]]) -> list[int | str]:
    found: list[Scope] = []
    names: set[str] = set()
    if scope.function is not None:
        found += scope.inner
    else:
        found += [
            top
            for name in scope.imports.values()
            if (top := view.module(name.rpartition(".")[0], scope) or view.module(name, scope))
        ]
        found += [
            each
            for each in scope.inner
            if each.function and (each.function.decorators or "<" in each.function.qualified)
        ]
    for node in scope.nodes:
        if isinstance(node, ir.Name | ir.Member):
            one = view.function(node, scope)
            if one is not None:
                found.append(one)
            elif isinstance(node, ir.Member):
                names.add(node.name)
            names.add(f"class {node.name if isinstance(node, ir.Member) else node.id}")
        elif isinstance(node, ir.Import):
            top = view.module(node.module, scope)
            found += [top] if top else []
    return [*map(id, found), *sorted(names & methods.keys())]
