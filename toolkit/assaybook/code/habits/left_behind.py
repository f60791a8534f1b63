"""What one invocation leaves for the next: request data in variables of the module, files in the temporary directory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..arguments import argument
from ..naming import View
from ..scopes import Given, Scope, within
from .fact import LEFT_BEHIND, Fact
from .lists import set_of
from .words import words

_EVENT = frozenset(
    {"event", "evt", "req", "request", "body", "payload", "cloud_event", "cloudEvent", "_event", "record", "message"}
)
_ADDING = frozenset({"append", "add", "push", "extend", "insert", "unshift", "set", "update", "setdefault"})
_HELD = set_of(
    "cache cached client clients connection connections conn pool session memo instance cold warm initialized lookup"
)
_SENSITIVE = set_of(
    "password passwd secret secrets token tokens credential credentials private ssn card medical patient passport salary payroll customer customers pii personal pem"
)
_REMOVING = set_of(
    "os.remove os.unlink shutil.rmtree os.rmdir fs.unlink fs.unlinkSync fs.rm fs.rmSync fs.promises.unlink fs.promises.rm fs/promises.unlink fs/promises.rm fs-extra.remove fs-extra.removeSync "
    "fs.rmdirSync fs-extra.emptyDirSync rimraf rimraf.sync del fs.rmdir tempfile.TemporaryDirectory tempfile.NamedTemporaryFile tempfile.TemporaryFile"
)
# The call, where the path is, and for `open` where its mode is.
_WRITING: dict[str, int] = {
    "open": 0,
    "io.open": 0,
    "codecs.open": 0,
    "fs.writeFile": 0,
    "fs.writeFileSync": 0,
    "fs.appendFile": 0,
    "fs.appendFileSync": 0,
    "fs.createWriteStream": 0,
    "fs.promises.writeFile": 0,
    "fs/promises.writeFile": 0,
    "fs-extra.writeFile": 0,
    "fs-extra.writeFileSync": 0,
    "fs-extra.outputFile": 0,
}
_TEMPORARY = re.compile(r"^(?:/tmp/|/tmp$)")


def left_behind(view: View) -> Iterator[Fact]:
    """Every fact about what is left behind."""
    for scope in view.scopes:
        if scope.function is not None:
            for node in scope.nodes:
                yield from _kept(view, node, scope)
    removes = {path: _removes(view, top) for path, top in view.tops.items()}
    anywhere = any(removes.values())
    for scope in view.scopes:
        for call in scope.calls():
            fact = None if removes[scope.module.path] else _written(view, call, scope, anywhere)
            if fact is not None:
                yield fact


def _kept(view: View, node: ir.Expression | ir.Statement, scope: Scope) -> Iterator[Fact]:
    if isinstance(node, ir.Assign) and node.value is not None:
        for target in node.targets:
            name = _module_name(view, target, scope)
            if name and _of_event(view, node.value, scope):
                plain = isinstance(target, ir.Name)
                yield _keep(
                    name,
                    node,
                    scope,
                    "is set" if plain else "is added to",
                    certain=plain and not node.operator and not set(words(name)) & _HELD,
                )
    elif isinstance(node, ir.Call) and isinstance(node.function, ir.Member) and node.function.name in _ADDING:
        name = _module_name(view, node.function.of, scope, adding=True)
        if name and any(_of_event(view, each.value, scope) for each in node.arguments):
            yield _keep(
                name,
                node,
                scope,
                "is added to",
                certain=node.function.name in ("append", "push") and not set(words(name)) & _HELD,
            )


def _keep(name: str, node: ir.Expression | ir.Statement, scope: Scope, how: str, *, certain: bool) -> Fact:
    said = f"{name}, which outlives the invocation, {how} with data of the request in {scope.shown}"
    return Fact(LEFT_BEHIND, "module-variable", name, node.place, scope, said, certain)


def _module_name(view: View, target: ir.Expression, scope: Scope, *, adding: bool = False) -> str:
    """The module's variable that an assignment or a call changes; empty for others."""
    plain = isinstance(target, ir.Name)
    # In JavaScript `sessions.last = ...` is what `sessions["last"] = ...` is.
    while isinstance(target, ir.Item) or (isinstance(target, ir.Member) and scope.module.language != ir.PYTHON):
        target = target.of
    if not isinstance(target, ir.Name):
        return ""
    name = target.id
    if scope.module.language == ir.PYTHON and plain and not adding and name not in scope.foreign:
        return ""
    bound = (
        (scope.top, scope.top.names[name])
        if name in scope.foreign and name in scope.top.names
        else view.bound(name, scope)
    )
    if bound is None or bound[0].function is not None:
        return ""
    # What the module makes with a call (a client, a logger, a table) is no holder of data; a plain holder is.
    values = [each for each in bound[1] if isinstance(each, ir.Expression)]
    if not plain or adding:
        first = values[0] if values else None
        plain_holder = isinstance(first, ir.Record | ir.Sequence) or (
            isinstance(first, ir.Call)
            and ir.dotted(first.function)
            in ("dict", "list", "set", "Map", "Set", "defaultdict", "collections.defaultdict", "Array", "Object")
        )
        return name if plain_holder else ""
    return name


def _of_event(view: View, expression: ir.Expression, scope: Scope, depth: int = 5) -> bool:
    """Whether a value is made of the request and of nothing that is fetched: what a call of somebody else gives is no request data."""
    if depth == 0:
        return False
    for each in _plain_parts(expression):
        if isinstance(each, ir.Name):
            bound = view.bound(each.id, scope)
            if bound is None:
                continue
            where, values = bound
            if any((isinstance(one, Given) and one.name in _EVENT) or _taken_apart(one) for one in values):
                return True
            if len(values) <= 4 and any(
                isinstance(one, ir.Expression) and not isinstance(one, Given) and _of_event(view, one, where, depth - 1)
                for one in values
            ):
                return True
    return False


def _taken_apart(value: object) -> bool:
    """A part of a parameter that is taken apart where it stands: `async ({ body }) =>`."""
    return (
        isinstance(value, ir.Member)
        and value.name in _EVENT
        and isinstance(value.of, ir.Name)
        and value.of.id.startswith("argument ")
    )


_PASSING = set_of(
    "json.loads JSON.parse str dict list int String base64.b64decode Buffer.from copy.deepcopy Object.assign"
)
_READING = set_of("get strip lower upper trim toString decode encode split toLowerCase toUpperCase json get_json")


def _plain_parts(expression: ir.Expression) -> Iterator[object]:
    if isinstance(expression, ir.Call):
        if ir.dotted(expression.function) in _PASSING:
            for each in expression.arguments:
                yield from _plain_parts(each.value)
        elif isinstance(expression.function, ir.Member) and expression.function.name in _READING:
            yield from _plain_parts(expression.function.of)
        return
    if isinstance(expression, ir.Name):
        yield expression
    elif isinstance(expression, ir.Member | ir.Item):
        yield from _plain_parts(expression.of)
    elif isinstance(expression, ir.Record):
        for entry in expression.entries:
            yield from _plain_parts(entry.value)
    elif isinstance(expression, ir.Sequence | ir.Text):
        for part in expression.items if isinstance(expression, ir.Sequence) else expression.parts:
            yield from _plain_parts(part)
    elif isinstance(expression, ir.Choice):
        yield from _plain_parts(expression.yes)
        yield from _plain_parts(expression.no)
    elif isinstance(expression, ir.Unary):
        yield from _plain_parts(expression.operand)


def _removes(view: View, top: Scope) -> bool:
    for scope in top.nest():
        for call in scope.calls():
            name = view.named(call.function, scope)
            if name in _REMOVING or (
                isinstance(call.function, ir.Member)
                and call.function.name in ("unlink", "rmtree", "unlinkSync", "rmSync")
            ):
                return True
    return False


def _written(view: View, call: ir.Call, scope: Scope, removed_elsewhere: bool) -> Fact | None:
    name = view.named(call.function, scope)
    last = name.rpartition(".")[2]
    if name in _WRITING:
        path = argument(call, "file", _WRITING[name])
        mode = str(view.value(argument(call, "mode", 1) or ir.Opaque(), scope)) if last == "open" else "w"
        if (last == "open" and not any(each in mode for each in "wax+")) or "Unset" in mode:
            return None
    elif last in ("download_file", "download_fileobj") and len(call.arguments) > 1:
        path = argument(call, "Filename", 2 if len([each for each in call.arguments if not each.name]) > 2 else 1)
    elif last in ("write_text", "write_bytes") and isinstance(call.function, ir.Member):
        made = view.once(call.function.of, scope)[0]
        path = made.arguments[0].value if isinstance(made, ir.Call) and made.arguments else None
    else:
        return None
    begins = view.leading(path, scope) if path is not None else ""
    joined = view.once(path, scope)[0] if path is not None else None
    if (
        isinstance(joined, ir.Call)
        and joined.arguments
        and ir.dotted(joined.function) in ("os.path.join", "path.join", "path.resolve", "join", "Path", "pathlib.Path")
    ):
        begins = view.leading(joined.arguments[0].value, scope)
    if not _TEMPORARY.match(begins):
        return None
    said_words = {word for each in within(call) for word in _words_of(each)}
    sensitive = sorted(said_words & _SENSITIVE)
    if removed_elsewhere and not sensitive:
        return None
    what = f"what its names call a {sensitive[0]}" if sensitive else "a file"
    return Fact(
        LEFT_BEHIND,
        "temporary-file",
        name,
        call.place,
        scope,
        f"{what} is written to {begins.rstrip('/')} and never removed",
        bool(sensitive) and not removed_elsewhere,
        {"sensitive": bool(sensitive)},
    )


def _words_of(node: object) -> tuple[str, ...]:
    if isinstance(node, ir.Name):
        return words(node.id)
    if isinstance(node, ir.Member):
        return words(node.name)
    return (
        words(node.value)
        if isinstance(node, ir.Constant) and isinstance(node.value, str) and len(node.value) < 100
        else ()
    )
