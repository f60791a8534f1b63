"""Imports and exports of JavaScript in all their forms: modules of ECMAScript and of Node, and what compilers make of the one for the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .ir import (
    NOWHERE,
    Assign,
    Closure,
    Constant,
    Export,
    Expression,
    Import,
    Member,
    Name,
    Place,
    Record,
    Return,
    Statement,
)
from .javascript_literals import string
from .javascript_lowering import Lowering, has, inner, named, place, text
from .javascript_patterns import assigned

if TYPE_CHECKING:
    from tree_sitter import Node

# What compilers put around `require` so that it looks like a module of ECMAScript: TypeScript, Babel, esbuild, webpack.
_INTEROP = frozenset(
    {
        "__importDefault",
        "__importStar",
        "_interopRequireDefault",
        "_interopRequireWildcard",
        "__toESM",
        "_interopNamespace",
        "tslib_1.__importStar",
        "tslib_1.__importDefault",
    }
)
_READ = re.compile(r"\bexports\.([A-Za-z_$][\w$]*)\b(?!\s*=(?!=))")
EXPORTS = "exports "


def read_exports(source: str) -> frozenset[str]:
    """The names that a file reads back from its own exports."""
    return frozenset(_READ.findall(source)) if "exports." in source else frozenset()


def required(node: Node | None) -> tuple[str, tuple[str, ...]] | None:
    """The module that an expression requires or imports at run time under a constant name, and the members taken from it."""
    members: list[str] = []
    while (node := inner(node)) is not None:
        if node.type == "member_expression":
            members.append(text(node.child_by_field_name("property")))
            node = node.child_by_field_name("object")
        elif node.type == "await_expression":
            node = named(node)[0]
        elif node.type == "call_expression":
            called, given = node.child_by_field_name("function"), _first(node)
            if text(called) in ("require", "import") and given is not None and given.type == "string":
                return string(given), tuple(reversed(members))
            if text(called) not in _INTEROP:
                return None
            node = given
        else:
            return None
    return None


def _first(call: Node) -> Node | None:
    given = call.child_by_field_name("arguments")
    if given is None or given.type != "arguments":
        return None
    parts = named(given)
    return parts[0] if parts else None


def hoisted(lower: Lowering, module: str) -> Name:
    """The name under which a module that is required in the middle of an expression is imported."""
    alias = f"require {module}"
    if lower.once(alias):
        lower.first.append(Import(module, "", alias))
    return Name(alias)


def declared(lower: Lowering, target: Node, value: Node) -> Iterator[Statement] | None:
    """`const name = require(module)` and its forms as imports; None if the value is something else."""
    found = required(value)
    if found is None:
        return None
    module, members = found
    where = place(target)
    if len(members) > 1 or target.type not in ("identifier", "object_pattern"):
        return None
    taken = members[0] if members else ""
    if target.type == "identifier":
        return iter((Import(module, taken, text(target), place=where),))
    if taken or not all(_plain(each) for each in named(target)):
        return assigned(lower, target, _of(hoisted(lower, module), members), const=True)
    return iter([_taken(module, each) for each in named(target)])


def _of(value: Expression, members: Iterable[str]) -> Expression:
    for each in members:
        value = Member(value, each)
    return value


def _plain(node: Node) -> bool:
    if node.type == "pair_pattern":
        target, source = node.child_by_field_name("value"), node.child_by_field_name("key")
        return target is not None and target.type == "identifier" and source is not None and "identifier" in source.type
    return node.type == "shorthand_property_identifier_pattern"


def _taken(module: str, node: Node) -> Import:
    if node.type == "pair_pattern":
        name, alias = text(node.child_by_field_name("key")), text(node.child_by_field_name("value"))
        return Import(module, name, alias, place=place(node))
    return Import(module, text(node), text(node), place=place(node))


def imports(_: Lowering, node: Node) -> Iterator[Statement]:
    """The statement `import`."""
    source = node.child_by_field_name("source")
    clause = next((each for each in node.children if each.type in ("import_clause", "import_require_clause")), None)
    if clause is not None and clause.type == "import_require_clause":
        source = clause.child_by_field_name("source")
    if source is None:
        return
    module, where = string(source), place(node)
    if clause is None:
        yield Import(module, "", "", place=where)
        return
    for each in named(clause):
        if each.type == "identifier":
            name = "default" if clause.type == "import_clause" else ""
            yield Import(module, name, text(each), place=where)
        elif each.type == "namespace_import":
            yield Import(module, "", text(named(each)[0]), place=where)
        elif each.type == "named_imports":
            for one in named(each):
                name = _said(one.child_by_field_name("name"))
                yield Import(module, name, text(one.child_by_field_name("alias")) or name, place=where)


def _said(node: Node | None) -> str:
    return string(node) if node is not None and node.type == "string" else text(node)


def passed_on(lower: Lowering, node: Node, source: Node | None) -> Iterator[Statement]:
    """`export { a as b }`, and `export ... from module`. What has a name in this file may be made further down, so that it is told at the end."""
    if source is None:
        lower.last.extend(_passed_on(node, None))
    else:
        yield from _passed_on(node, source)


def _passed_on(node: Node, source: Node | None) -> Iterator[Statement]:
    module, where = string(source) if source is not None else "", place(node)
    for each in node.children:
        if each.type == "*":
            yield Export("*", Name("*"), module, place=where)
        elif each.type == "namespace_export":
            yield Export(_said(named(each)[0]), Name("*"), module, place=where)
        elif each.type == "export_clause":
            for one in named(each):
                name = _said(one.child_by_field_name("name"))
                alias = _said(one.child_by_field_name("alias")) or name
                yield Export(alias, Name(name, place=place(one)), module, place=where)


def exported_name(target: Node | None) -> str | None:
    """The name that an assignment to `exports.name` or `module.exports` gives; `default` for the module as a whole, None for other targets."""
    target = inner(target)
    if target is None:
        return None
    said = text(target)
    if said in ("module.exports", "exports"):
        return "default"
    if target.type not in ("member_expression", "subscript_expression"):
        return None
    if text(target.child_by_field_name("object")) not in ("module.exports", "exports"):
        return None
    if target.type == "member_expression":
        return text(target.child_by_field_name("property"))
    index = target.child_by_field_name("index")
    return string(index) if index is not None and index.type == "string" else None


def exports(lower: Lowering, name: str, value: Expression, where: Place = NOWHERE) -> Iterator[Statement]:
    """What `exports.name = value` or `module.exports = value` makes known; an object is taken apart, so that its members are exports of their own."""
    if name != "default" or not isinstance(value, Record):
        if name in lower.read_exports:
            yield Assign((Name(EXPORTS + name),), value, place=where)
        if name == "default" and (source := _source(value)):
            yield Export("*", Name("*"), source, place=where)
        yield Export(name, value, place=where)
        return
    for entry in value.entries:
        if entry.key is None:
            source = _source(entry.value)
            if source:
                yield Export("*", Name("*"), source, place=where)
        elif isinstance(entry.key, Constant):
            yield from exports(lower, str(entry.key.value), entry.value, where)
    yield Export("default", value, place=where)


def _source(value: Expression) -> str:
    """The module, if a value is one that is required in place: `module.exports = require(module)`."""
    return value.id.removeprefix("require ") if isinstance(value, Name) and value.id.startswith("require ") else ""


def exported_getters(lower: Lowering, value: Expression, where: Place) -> None:
    """What bundlers write for exports: `__export(target, { handler: () => handler })`, under whatever name."""
    if isinstance(value, Record) and value.entries and not lower.within:
        found = [_getter(each.value) for each in value.entries]
        if all(isinstance(each, Name) for each in found):
            for entry, name in zip(value.entries, found, strict=True):
                if isinstance(entry.key, Constant) and isinstance(name, Name):
                    lower.last.append(Export(str(entry.key.value), name, place=where))


def _getter(value: Expression) -> Expression | None:
    if not isinstance(value, Closure) or value.function.parameters or len(value.function.body) != 1:
        return None
    only = value.function.body[0]
    return only.value if isinstance(only, Return) else None


def is_type_only(node: Node) -> bool:
    """Whether an import or export is of types alone."""
    return has(node, "type")
