"""Destructuring of JavaScript as plain assignments: `const {body, headers: {host = ""}} = event` takes members one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .ir import Argument, Assign, Call, Choice, Constant, Entry, Expression, Item, Member, Name, Record, Statement
from .javascript_expressions import key, part
from .javascript_lowering import Lowering, inner, named, place, text

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERNS = frozenset({"object_pattern", "array_pattern"})
_DEFAULTS = frozenset({"assignment_pattern", "object_assignment_pattern"})


def assigned(lower: Lowering, target: Node, value: Expression, *, const: bool = False) -> Iterator[Statement]:
    """The assignments that put a value, or its parts, where a pattern says."""
    bare = inner(target)
    if bare is None:
        return
    if bare.type in _DEFAULTS:
        yield from assigned(lower, _field(bare, "left"), _or_default(lower, bare, value), const=const)
    elif bare.type in PATTERNS:
        if not _is_repeatable(value):
            whole = lower.passing_name("destructured")
            yield Assign((whole,), value, const=True, place=place(bare))
            value = whole
        taken = _members if bare.type == "object_pattern" else _items
        yield from taken(lower, bare, value, const)
    else:
        yield Assign((lower.expression(bare),), value, const=const, place=place(target))


def _is_repeatable(value: Expression) -> bool:
    """Whether a value may be written several times: a name, or a part of one."""
    while isinstance(value, Member | Item):
        if isinstance(value, Item) and not isinstance(value.key, Constant):
            return False
        value = value.of
    return isinstance(value, Name)


def _members(lower: Lowering, pattern: Node, value: Expression, const: bool) -> Iterator[Statement]:
    for each in named(pattern):
        if each.type == "pair_pattern":
            taken = part(value, key(lower, _field(each, "key")), each)
            yield from assigned(lower, _field(each, "value"), taken, const=const)
        elif each.type == "object_assignment_pattern":
            left = _field(each, "left")
            taken = _or_default(lower, each, Member(value, text(left), place=place(each)))
            yield from assigned(lower, left, taken, const=const)
        elif each.type == "rest_pattern":
            rest = Record((Entry(None, value),), place=place(each))
            yield from assigned(lower, named(each)[0], rest, const=const)
        else:
            yield from assigned(lower, each, Member(value, text(each), place=place(each)), const=const)


def _items(lower: Lowering, pattern: Node, value: Expression, const: bool) -> Iterator[Statement]:
    position = 0
    for each in pattern.children:
        if each.type == ",":
            position += 1
        elif each.type == "rest_pattern":
            yield from assigned(lower, named(each)[0], Item(value, None, place=place(each)), const=const)
        elif each.is_named and each.type != "comment":
            yield from assigned(lower, each, Item(value, Constant(position), place=place(each)), const=const)


def _or_default(lower: Lowering, node: Node, value: Expression) -> Expression:
    return Choice(value, value, lower.expression(_field(node, "right")), place=place(node))


def _field(node: Node, name: str) -> Node:
    """A part that the grammar promises; the node itself where a broken tree lacks it."""
    return node.child_by_field_name(name) or node


def loop_target(lower: Lowering, target: Node) -> tuple[Expression, tuple[Statement, ...]]:
    """What each round of a loop is bound to, and the assignments that its body starts with."""
    bare = inner(target)
    if bare is not None and bare.type in PATTERNS:
        each = lower.passing_name("each")
        return each, tuple(assigned(lower, bare, each, const=True))
    return lower.expression(target), ()


def keys_of(value: Expression, node: Node) -> Expression:
    """The names of an object's members, over which `for (name in object)` goes."""
    return Call(Member(Name("Object"), "keys"), (Argument(value),), place=place(node))
