"""Expressions of JavaScript and TypeScript in the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ir import (
    Assigned,
    Binary,
    Call,
    Choice,
    Constant,
    Entry,
    Expression,
    Item,
    Member,
    Name,
    Opaque,
    Record,
    Sequence,
    Unary,
)
from .javascript_literals import string
from .javascript_lowering import Expressions, Lowering, inner, named, place, text

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST_CHAIN = 40
_OPERATORS = {"===": "==", "!==": "!=", ">>>": ">>"}
_UNARY = {"!": "not"}


def key(lower: Lowering, node: Node) -> Expression:
    """The key of an entry, a property or a pattern."""
    if node.type == "string":
        return Constant(string(node), place=place(node))
    if node.type == "number":
        return lower.expression(node)
    if node.type == "computed_property_name":
        parts = named(node)
        return lower.expression(parts[0]) if parts else Opaque(said="computed name")
    return Constant(text(node), place=place(node))


def part(of: Expression, name: Expression, node: Node) -> Expression:
    """`of.name` or `of[name]`: a constant text in brackets is the same as a name after a dot."""
    if isinstance(name, Constant) and isinstance(name.value, str):
        return Member(of, name.value, place=place(node))
    return Item(of, name, place=place(node))


def _name(_: Lowering, node: Node) -> Expression:
    return Name(text(node), place=place(node))


def _super(_: Lowering, node: Node) -> Expression:
    return Call(Name("super", place=place(node)), (), place=place(node))


def _transparent(lower: Lowering, node: Node) -> Expression:
    return lower.expression(inner(node))


def _member(lower: Lowering, node: Node) -> Expression:
    of = lower.expression(node.child_by_field_name("object"))
    return Member(of, text(node.child_by_field_name("property")), place=place(node))


def _subscript(lower: Lowering, node: Node) -> Expression:
    of = lower.expression(node.child_by_field_name("object"))
    return part(of, lower.expression(node.child_by_field_name("index")), node)


def _array(lower: Lowering, node: Node) -> Expression:
    return Sequence(tuple(lower.expression(each) for each in named(node)), place=place(node))


def _spread(lower: Lowering, node: Node) -> Expression:
    return Unary("*", lower.expression(named(node)[0]), place=place(node))


def _object(lower: Lowering, node: Node) -> Expression:
    return Record(tuple(_entry(lower, each) for each in named(node)), place=place(node))


def _entry(lower: Lowering, node: Node) -> Entry:
    if node.type == "pair":
        named_by = node.child_by_field_name("key")
        said = key(lower, named_by) if named_by is not None else None
        name = str(said.value) if isinstance(said, Constant) else ""
        return Entry(said, lower.value(node.child_by_field_name("value"), name))
    if node.type == "spread_element":
        parts = named(node)
        return Entry(None, lower.expression(parts[0] if parts else None))
    if node.type == "method_definition":
        named_by = node.child_by_field_name("name")
        said = key(lower, named_by) if named_by is not None else Constant("")
        return Entry(said, lower.expression(node))
    if node.type == "shorthand_property_identifier":
        return Entry(Constant(text(node), place=place(node)), Name(text(node), place=place(node)))
    return Entry(None, lower.expression(node))


def _assignment(lower: Lowering, node: Node) -> Expression:
    target = lower.expression(node.child_by_field_name("left"))
    return Assigned(target, lower.expression(node.child_by_field_name("right")), place=place(node))


def augmented(target: Expression, operator: str, value: Expression, node: Node) -> Expression:
    """What `target operator= value` assigns."""
    if operator in ("??", "||"):
        return Choice(target, target, value, place=place(node))
    if operator == "&&":
        return Choice(target, value, target, place=place(node))
    return Binary(_OPERATORS.get(operator, operator), target, value, place=place(node))


def _augmented(lower: Lowering, node: Node) -> Expression:
    target = lower.expression(node.child_by_field_name("left"))
    value = lower.expression(node.child_by_field_name("right"))
    operator = text(node.child_by_field_name("operator")).removesuffix("=")
    return Assigned(target, augmented(target, operator, value, node), place=place(node))


def _binary(lower: Lowering, node: Node) -> Expression:
    # Long concatenations lean to the left: going down that side in a loop keeps them from exhausting the stack.
    chain: list[Node] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression":
        chain.append(left)
        left = left.child_by_field_name("left")
    if len(chain) == 1 and text(left) == "0" and text(node.child_by_field_name("operator")) == "&&":
        # Bundlers leave `0 && (module.exports = {...})` for readers of their output; it never runs.
        return Constant(0, place=place(node))
    value = lower.expression(left)
    if len(chain) > LONGEST_CHAIN and all(text(each.child_by_field_name("operator")) == "+" for each in chain):
        rest = [lower.expression(each.child_by_field_name("right")) for each in reversed(chain)]
        return _sum([value, *rest], node)
    for each in reversed(chain):
        operator = text(each.child_by_field_name("operator"))
        right = lower.expression(each.child_by_field_name("right"))
        if operator in ("||", "??"):
            value = Choice(value, value, right, place=place(each))
        elif operator == "&&":
            value = Choice(value, right, value, place=place(each))
        else:
            value = Binary(_OPERATORS.get(operator, operator), value, right, place=place(each))
    return value


def _sum(parts: list[Expression], node: Node) -> Expression:
    """A long concatenation as a tree that is as flat as can be, for whoever goes through it."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return Binary("+", _sum(parts[:half], node), _sum(parts[half:], node), place=place(node))


def _unary(lower: Lowering, node: Node) -> Expression:
    operator = text(node.child_by_field_name("operator"))
    operand = lower.expression(node.child_by_field_name("argument"))
    if operator == "-" and isinstance(operand, Constant) and type(operand.value) in (int, float):
        return Constant(-operand.value, place=place(node))  # type: ignore[operator]
    return Unary(_UNARY.get(operator, operator), operand, place=place(node))


def _update(lower: Lowering, node: Node) -> Expression:
    target = lower.expression(node.child_by_field_name("argument"))
    sign = text(node.child_by_field_name("operator"))[:1]
    return Assigned(target, Binary(sign, target, Constant(1), place=place(node)), place=place(node))


def _await(lower: Lowering, node: Node) -> Expression:
    parts = named(node)
    return Unary("await", lower.expression(parts[0] if parts else None), place=place(node))


def _yield(lower: Lowering, node: Node) -> Expression:
    parts = named(node)
    return Unary(lower.yielding, lower.expression(parts[0]) if parts else Constant(None), place=place(node))


def _ternary(lower: Lowering, node: Node) -> Expression:
    return Choice(
        lower.expression(node.child_by_field_name("condition")),
        lower.expression(node.child_by_field_name("consequence")),
        lower.expression(node.child_by_field_name("alternative")),
        place=place(node),
    )


def _meta(_: Lowering, node: Node) -> Expression:
    first, _dot, last = text(node).partition(".")
    return Member(Name(first, place=place(node)), last, place=place(node))


def _pattern(lower: Lowering, node: Node) -> Expression:
    """A pattern that is assigned to within an expression: as the literal of the same look."""
    if node.type == "array_pattern":
        return Sequence(tuple(lower.expression(each) for each in named(node)), place=place(node))
    return Record(tuple(_pattern_entry(lower, each) for each in named(node)), place=place(node))


def _pattern_entry(lower: Lowering, node: Node) -> Entry:
    if node.type == "pair_pattern":
        named_by = node.child_by_field_name("key")
        said = key(lower, named_by) if named_by is not None else None
        return Entry(said, lower.expression(node.child_by_field_name("value")))
    if node.type == "rest_pattern":
        return Entry(None, lower.expression(named(node)[0]))
    target = node.child_by_field_name("left") or node
    return Entry(Constant(text(target)), Name(text(target), place=place(node)))


def _left(lower: Lowering, node: Node) -> Expression:
    return lower.expression(node.child_by_field_name("left"))


EXPRESSIONS: Expressions = {
    "identifier": _name,
    "type_identifier": _name,
    "property_identifier": _name,
    "private_property_identifier": _name,
    "shorthand_property_identifier": _name,
    "shorthand_property_identifier_pattern": _name,
    "this": _name,
    "import": _name,
    "super": _super,
    "array": _array,
    "spread_element": _spread,
    "rest_pattern": _spread,
    "object": _object,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "update_expression": _update,
    "await_expression": _await,
    "yield_expression": _yield,
    "ternary_expression": _ternary,
    "meta_property": _meta,
    "array_pattern": _pattern,
    "object_pattern": _pattern,
    "assignment_pattern": _left,
    **dict.fromkeys(
        (
            "parenthesized_expression",
            "as_expression",
            "satisfies_expression",
            "non_null_expression",
            "type_assertion",
            "instantiation_expression",
        ),
        _transparent,
    ),
}
