"""Statements of JavaScript and TypeScript in the intermediate form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .ir import (
    Binary,
    Block,
    Constant,
    Evaluate,
    Expression,
    Handler,
    If,
    Jump,
    Loop,
    Name,
    Opaque,
    Raise,
    Return,
    Sequence,
    Statement,
    Try,
)
from .javascript_lowering import Lowering, Statements, named, place, text
from .javascript_patterns import PATTERNS, assigned, keys_of, loop_target

if TYPE_CHECKING:
    from tree_sitter import Node

# A switch whose cases run into one another is unrolled only up to here, as that repeats their statements.
LONGEST_UNROLLED = 16
_ENDS = (Return, Raise, Jump)


def _block(lower: Lowering, node: Node) -> Iterator[Statement]:
    yield Block(lower.body(node), place=place(node))


def _if(lower: Lowering, node: Node) -> Iterator[Statement]:
    test = lower.expression(node.child_by_field_name("condition"))
    then = lower.body(node.child_by_field_name("consequence"))
    alternative = node.child_by_field_name("alternative")
    parts = named(alternative) if alternative is not None else []
    otherwise = lower.body(parts[0]) if parts else ()
    yield If(test, then, otherwise, place=place(node))


def _for(lower: Lowering, node: Node) -> Iterator[Statement]:
    start = node.child_by_field_name("initializer")
    if start is not None and start.is_named and start.type != "empty_statement":
        if start.type in lower.declared:
            yield from lower.statement(start)
        else:
            yield Evaluate(lower.expression(start), place=place(start))
    condition = node.child_by_field_name("condition")
    if condition is not None and condition.type == "expression_statement":
        condition = next(iter(named(condition)), None)
    bare = condition is None or condition.type == "empty_statement"
    test = Constant(True) if bare else lower.expression(condition)
    step = node.child_by_field_name("increment")
    after = (Evaluate(lower.expression(step), place=place(step)),) if step is not None else ()
    yield Loop(None, None, test, (*lower.body(node.child_by_field_name("body")), *after), place=place(node))


def _for_in(lower: Lowering, node: Node) -> Iterator[Statement]:
    left = node.child_by_field_name("left")
    iterable = lower.expression(node.child_by_field_name("right"))
    if text(node.child_by_field_name("operator")) == "in":
        iterable = keys_of(iterable, node)
    target, opening = loop_target(lower, left) if left is not None else (Name("_"), ())
    body = lower.body(node.child_by_field_name("body"))
    yield Loop(target, iterable, None, (*opening, *body), place=place(node))


def _while(lower: Lowering, node: Node) -> Iterator[Statement]:
    test = lower.expression(node.child_by_field_name("condition"))
    body = lower.body(node.child_by_field_name("body"))
    if node.type == "do_statement":
        yield Block(body, place=place(node))
    yield Loop(None, None, test, body, place=place(node))


def _switch(lower: Lowering, node: Node) -> Iterator[Statement]:
    """Conditions one after the other: the names that share statements together, `default` last."""
    value = lower.expression(node.child_by_field_name("value"))
    body = node.child_by_field_name("body")
    cases = [(each, _case(lower, each)) for each in (named(body) if body is not None else ())]
    chain: tuple[Statement, ...] = ()
    waiting: list[Expression] = []
    found: list[tuple[list[Expression], tuple[Statement, ...], Node]] = []
    for position, (each, own) in enumerate(cases):
        if each.type == "switch_default":
            chain = _running(cases, position)
            waiting = []
        elif each.type == "switch_case":
            waiting.append(lower.expression(each.child_by_field_name("value")))
            if own or position + 1 == len(cases):
                found.append((waiting, _running(cases, position), each))
                waiting = []
    for values, statements, each in reversed(found):
        chain = (If(_is_one_of(value, values, each), statements, chain, place=place(each)),)
    yield from chain


def _case(lower: Lowering, node: Node) -> tuple[Statement, ...]:
    own = lower.statements(node.children_by_field_name("body"))
    if len(own) == 1 and isinstance(own[0], Block):
        return own[0].body
    return own


def _running(cases: list[tuple[Node, tuple[Statement, ...]]], start: int) -> tuple[Statement, ...]:
    """What runs from a case on, up to the first that leaves."""
    made: list[Statement] = []
    for _, own in cases[start : start + LONGEST_UNROLLED]:
        made.extend(own)
        if own and isinstance(own[-1], _ENDS):
            break
        if len(cases) > LONGEST_UNROLLED and own:
            break
    if made and isinstance(made[-1], Jump) and made[-1].kind == "break":
        made.pop()
    return tuple(made)


def _is_one_of(value: Expression, values: list[Expression], node: Node) -> Expression:
    if isinstance(value, Constant) and value.value is True and len(values) == 1:
        return values[0]
    if len(values) == 1:
        return Binary("==", value, values[0], place=place(node))
    return Binary("in", value, Sequence(tuple(values)), place=place(node))


def _try(lower: Lowering, node: Node) -> Iterator[Statement]:
    body = lower.body(node.child_by_field_name("body"))
    caught, final = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    handlers = (_handler(lower, caught),) if caught is not None else ()
    last = lower.body(final.child_by_field_name("body")) if final is not None else ()
    yield Try(body, handlers, (), last, place=place(node))


def _handler(lower: Lowering, node: Node) -> Handler:
    parameter = node.child_by_field_name("parameter")
    opening: tuple[Statement, ...] = ()
    name = text(parameter)
    if parameter is not None and parameter.type in PATTERNS:
        taken = lower.passing_name("error")
        name, opening = taken.id, tuple(assigned(lower, parameter, taken))
    return Handler((), name, (*opening, *lower.body(node.child_by_field_name("body"))), place(node))


def _return(lower: Lowering, node: Node) -> Iterator[Statement]:
    parts = named(node)
    yield Return(lower.expression(parts[0]) if parts else None, place=place(node))


def _throw(lower: Lowering, node: Node) -> Iterator[Statement]:
    parts = named(node)
    yield Raise(lower.expression(parts[0]) if parts else None, place=place(node))


def _jump(_: Lowering, node: Node) -> Iterator[Statement]:
    yield Jump("break" if node.type == "break_statement" else "continue", place=place(node))


def _labelled(lower: Lowering, node: Node) -> Iterable[Statement]:
    return lower.body(node.child_by_field_name("body"))


def _with(lower: Lowering, node: Node) -> Iterator[Statement]:
    yield Evaluate(lower.expression(node.child_by_field_name("object")), place=place(node))
    yield from lower.body(node.child_by_field_name("body"))


def _nothing(_: Lowering, node: Node) -> Iterable[Statement]:
    return ()


def _error(lower: Lowering, node: Node) -> Iterator[Statement]:
    """What could not be parsed: the statements in it are kept, everything else is Opaque."""
    parts: list[Expression] = []
    for each in named(node):
        if each.type in lower.declared:
            yield from lower.statement(each)
        else:
            parts.append(lower.expression(each))
    yield Evaluate(Opaque(tuple(parts), "not parsed", place=place(node)), place=place(node))


CONTROL: Statements = {
    "statement_block": _block,
    "if_statement": _if,
    "for_statement": _for,
    "for_in_statement": _for_in,
    "while_statement": _while,
    "do_statement": _while,
    "switch_statement": _switch,
    "try_statement": _try,
    "return_statement": _return,
    "throw_statement": _throw,
    "break_statement": _jump,
    "continue_statement": _jump,
    "labeled_statement": _labelled,
    "with_statement": _with,
    "ERROR": _error,
    **dict.fromkeys(
        (
            "empty_statement",
            "debugger_statement",
            "ambient_declaration",
            "interface_declaration",
            "type_alias_declaration",
            "function_signature",
            "import_alias",
            "decorator",
        ),
        _nothing,
    ),
}
