"""Functions, classes and their parameters of JavaScript and TypeScript in the intermediate form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .ir import (
    Assign,
    Class,
    ClassValue,
    Closure,
    Constant,
    Define,
    Expression,
    Function,
    Item,
    Member,
    Name,
    Opaque,
    Parameter,
    Return,
    Sequence,
    Statement,
)
from .javascript_expressions import key
from .javascript_lowering import Expressions, Lowering, has, inner, named, place, text
from .javascript_patterns import PATTERNS, assigned

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_expression",
        "function",
        "generator_function",
        "function_declaration",
        "generator_function_declaration",
        "method_definition",
    }
)
CLASSES = frozenset({"class", "class_declaration", "abstract_class_declaration"})
_STATIC, _PROPERTY = Name("staticmethod"), Name("property")


def function(
    lower: Lowering,
    node: Node,
    name: str,
    *,
    method_of: str = "",
    decorators: tuple[Expression, ...] = (),
) -> Function:
    """A function of any form."""
    qualified = lower.qualified(name)
    outer, yielding = lower.within, lower.yielding
    lower.within = (qualified,)
    before, lower.before = lower.before, []
    runs = generator = "generator" in node.type or has(node, "*")
    if node.type != "arrow_function":
        lower.yielding = "await" if lower.awaited and generator else "yield"
        generator = generator and not lower.awaited
        lower.awaited = False
    parameters, opening = _parameters(lower, node)
    body = _body(lower, node)
    opening = [*lower.before, *opening]
    lower.before, lower.within, lower.yielding = before, outer, yielding
    return Function(
        name or qualified,
        qualified,
        tuple(parameters),
        (*opening, *body),
        decorators=decorators,
        asynchronous=has(node, "async") or (runs and not generator),
        generator=generator,
        method_of=method_of,
        place=place(node),
    )


def closure(lower: Lowering, node: Node) -> Closure:
    """A function that is a value."""
    name, lower.naming = lower.naming, ""
    return Closure(function(lower, node, text(node.child_by_field_name("name")) or name), place=place(node))


def _body(lower: Lowering, node: Node) -> tuple[Statement, ...]:
    body = node.child_by_field_name("body")
    if body is None or body.type == "statement_block":
        return lower.body(body)
    outer, lower.before = lower.before, []
    value = lower.expression(body)
    whole = (*lower.before, Return(value, place=place(body)))
    lower.before = outer
    return whole


def _parameters(lower: Lowering, node: Node) -> tuple[list[Parameter], list[Statement]]:
    single = node.child_by_field_name("parameter")
    listed = node.child_by_field_name("parameters")
    nodes = [single] if single is not None else named(listed) if listed is not None else []
    parameters: list[Parameter] = []
    opening: list[Statement] = []
    for each in nodes:
        pattern = each.child_by_field_name("pattern") or each
        if pattern.type == "this":
            continue
        parameter, then = _parameter(lower, each, pattern)
        parameters.append(parameter)
        opening.extend(then)
    return parameters, opening


def _parameter(lower: Lowering, node: Node, pattern: Node) -> tuple[Parameter, list[Statement]]:
    default = node.child_by_field_name("value") or (
        node.child_by_field_name("right") if node.type == "assignment_pattern" else None
    )
    if pattern.type == "assignment_pattern":
        pattern = pattern.child_by_field_name("left") or pattern
    kind = "plain"
    if pattern.type == "rest_pattern":
        kind, pattern = "*", (named(pattern) or [pattern])[0]
    opening: list[Statement] = []
    if pattern.type in PATTERNS:
        target = lower.passing_name("argument")
        opening.extend(assigned(lower, pattern, target))
    else:
        target = Name(text(pattern), place=place(pattern))
    if node.type == "required_parameter" and (has(node, "accessibility_modifier") or has(node, "readonly")):
        opening.append(Assign((Member(Name("this"), target.id),), target, place=place(node)))
    made = Parameter(
        target,
        lower.expression(default) if default is not None else None,
        annotation(lower, node),
        kind,
        tuple(_decorators(lower, node)),
    )
    return made, opening


def _decorators(lower: Lowering, node: Node) -> Iterator[Expression]:
    for each in node.children:
        if each.type == "decorator":
            parts = named(each)
            yield lower.expression(parts[0] if parts else None)


def annotation(lower: Lowering, node: Node) -> Expression | None:
    """The type that a parameter, variable or field is declared with."""
    declared = node.child_by_field_name("type")
    if declared is None or declared.type != "type_annotation":
        return None
    parts = named(declared)
    return written_type(lower, parts[0]) if parts else None


def written_type(lower: Lowering, node: Node) -> Expression:
    """A type as an expression: names as they are, `A<B>` as an item, literals as constants; what else there is as Opaque."""
    if node.type in ("type_identifier", "predefined_type"):
        return Name(text(node), place=place(node))
    if node.type == "nested_type_identifier":
        return Name(text(node), place=place(node))
    if node.type == "generic_type":
        base = node.child_by_field_name("name")
        given = node.child_by_field_name("type_arguments")
        arguments = tuple(written_type(lower, each) for each in named(given)) if given is not None else ()
        return Item(Name(text(base), place=place(node)), Sequence(arguments, "tuple"), place=place(node))
    if node.type == "array_type":
        return Item(Name("Array"), written_type(lower, named(node)[0]), place=place(node))
    if node.type == "literal_type":
        return lower.expression(named(node)[0])
    if node.type in ("union_type", "intersection_type"):
        return Opaque(tuple(written_type(lower, each) for each in named(node)), "union", place=place(node))
    return Opaque((), node.type, place=place(node))


def definition(lower: Lowering, node: Node, name: str = "") -> Class:
    """A class: fields as assignments of its body. `this` of its methods is not among their parameters."""
    name = text(node.child_by_field_name("name")) or name
    qualified = lower.qualified(name)
    outer, lower.within = lower.within, (qualified,)
    bases = tuple(_bases(lower, node))
    decorators = tuple(_decorators(lower, node))
    parts = node.child_by_field_name("body")
    body: list[Statement] = []
    waiting: list[Expression] = []
    for each in named(parts) if parts is not None else ():
        if each.type == "decorator":
            waiting.extend(lower.expression(one) for one in named(each)[:1])
            continue
        before, lower.before = lower.before, []
        made = tuple(_class_part(lower, each, qualified, tuple(waiting)))
        body.extend((*lower.before, *made))
        lower.before, waiting = before, []
    lower.within = outer
    return Class(name or qualified, qualified, bases, tuple(body), decorators, place=place(node))


def _bases(lower: Lowering, node: Node) -> Iterator[Expression]:
    for heritage in node.children:
        if heritage.type != "class_heritage":
            continue
        for each in named(heritage):
            if each.type == "extends_clause":
                yield lower.expression(each.child_by_field_name("value"))
            elif each.type != "implements_clause":
                yield lower.expression(each)


def _class_part(lower: Lowering, node: Node, owner: str, waiting: tuple[Expression, ...]) -> Iterator[Statement]:
    if node.type == "method_definition":
        yield Define(_method(lower, node, owner, waiting), place=place(node))
    elif node.type in ("field_definition", "public_field_definition"):
        yield from _field(lower, node, owner, waiting)
    elif node.type == "class_static_block":
        yield from lower.body(node.child_by_field_name("body"))


def _method(lower: Lowering, node: Node, owner: str, waiting: tuple[Expression, ...]) -> Function:
    called = node.child_by_field_name("name")
    said = key(lower, called) if called is not None else Constant("")
    name = str(said.value) if isinstance(said, Constant) else text(called)
    decorators = (*waiting, *_decorators(lower, node))
    if has(node, "get"):
        decorators = (*decorators, _PROPERTY)
    elif has(node, "set"):
        name = f"set {name}"
    if has(node, "static"):
        return function(lower, node, name, method_of=owner, decorators=(*decorators, _STATIC))
    return function(lower, node, name, method_of=owner, decorators=decorators)


def _field(lower: Lowering, node: Node, owner: str, waiting: tuple[Expression, ...]) -> Iterator[Statement]:
    called = node.child_by_field_name("property") or node.child_by_field_name("name")
    value = inner(node.child_by_field_name("value"))
    if called is None:
        return
    said = key(lower, called)
    name = str(said.value) if isinstance(said, Constant) else text(called)
    if value is not None and value.type in FUNCTIONS:
        decorators = (*waiting, *_decorators(lower, node))
        made = function(lower, value, name, method_of=owner, decorators=decorators)
        yield Define(made, place=place(node))
        return
    given = lower.value(value, name) if value is not None else None
    yield Assign((Name(name, place=place(called)),), given, annotation=annotation(lower, node), place=place(node))


def _class_value(lower: Lowering, node: Node) -> Expression:
    name, lower.naming = lower.naming, ""
    return ClassValue(definition(lower, node, name), place=place(node))


VALUES: Expressions = {
    **dict.fromkeys(sorted(FUNCTIONS), closure),
    **dict.fromkeys(sorted(CLASSES), _class_value),
}
