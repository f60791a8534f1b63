"""What statements of JavaScript and TypeScript make known: variables, functions, classes, enumerations, exports; and assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import (
    Assign,
    Block,
    Call,
    Constant,
    Define,
    DefineClass,
    Entry,
    Evaluate,
    Export,
    Expression,
    Function,
    Item,
    Name,
    Opaque,
    Parameter,
    Record,
    Sequence,
    Statement,
)
from .javascript_expressions import augmented, key
from .javascript_functions import CLASSES, FUNCTIONS, annotation, definition, function
from .javascript_lowering import Lowering, Statements, has, inner, named, place, text
from .javascript_modules import declared, exported_getters, exported_name, exports, imports, passed_on
from .javascript_patterns import PATTERNS, assigned

if TYPE_CHECKING:
    from tree_sitter import Node


def _expression(lower: Lowering, node: Node) -> Iterator[Statement]:
    """An expression that is a statement: mostly an assignment or a call."""
    value = inner(named(node)[0]) if named(node) else None
    if value is None:
        return
    if value.type in ("internal_module", "module"):
        yield from lower.statement(value)
        return
    parts = named(value) if value.type == "sequence_expression" else [value]
    for each in parts:
        yield from _done(lower, inner(each) or each)


def _done(lower: Lowering, node: Node) -> Iterator[Statement]:
    if node.type == "assignment_expression":
        yield from _assignment(lower, node)
    elif node.type == "augmented_assignment_expression":
        target = lower.expression(node.child_by_field_name("left"))
        value = lower.expression(node.child_by_field_name("right"))
        operator = text(node.child_by_field_name("operator")).removesuffix("=")
        if operator in ("??", "||", "&&"):
            yield Assign((target,), augmented(target, operator, value, node), place=place(node))
        else:
            yield Assign((target,), value, operator, place=place(node))
    else:
        value = lower.expression(node)
        _getters(lower, value, node)
        yield Evaluate(value, place=place(node))


def _getters(lower: Lowering, value: Expression, node: Node) -> None:
    if isinstance(value, Call) and isinstance(value.function, Name) and len(value.arguments) == 2:
        exported_getters(lower, value.arguments[1].value, place(node))


def _assignment(lower: Lowering, node: Node) -> Iterator[Statement]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    bare = inner(left)
    name = exported_name(bare)
    if name is not None:
        value = lower.value(right, "" if name == "default" else name)
        yield from exports(lower, name, value, place(node))
    elif bare is not None and bare.type in PATTERNS:
        yield from assigned(lower, bare, lower.expression(right))
    elif bare is not None:
        said = text(bare.child_by_field_name("property") or bare)
        value = lower.value(right, said)
        yield Assign((lower.expression(bare),), value, place=place(node))


def _declaration(lower: Lowering, node: Node) -> Iterator[Statement]:
    const = text(node.child_by_field_name("kind")) == "const" or node.type == "using_declaration"
    for each in named(node):
        if each.type == "variable_declarator":
            # Each declared name has its own statements before it: `const a = (x, y), b = a`.
            yield from _declared(lower, each, const)


def _declared(lower: Lowering, node: Node, const: bool) -> Iterable[Statement]:
    target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if target is None:
        return
    if value is None:
        # Without a value it is `undefined`, until something is assigned.
        yield Assign((lower.expression(target),), Constant(None), annotation=annotation(lower, node), place=place(node))
        return
    found = declared(lower, target, value)
    if found is not None:
        yield from found
        return
    if target.type in PATTERNS:
        yield from assigned(lower, target, lower.expression(value), const=const)
        return
    bare, name = inner(value), text(target)
    if bare is not None and bare.type in FUNCTIONS:
        made = function(lower, bare, name)
        yield Define(_typed(made, annotation(lower, node)), place=place(node))
    elif bare is not None and bare.type in CLASSES:
        made_class = definition(lower, bare, name)
        yield DefineClass(made_class, place=place(node))
        if made_class.name != name:
            yield Assign((Name(name),), Name(made_class.name), const=True, place=place(node))
    else:
        kept = lower.expression(value)
        yield Assign((Name(name, place=place(target)),), kept, "", annotation(lower, node), const, place=place(node))


def _typed(made: Function, declared_as: Expression | None) -> Function:
    """A function whose event has the type that the handler is declared with (`const handler: Handler<APIGatewayProxyEvent>`)."""
    if declared_as is None or not made.parameters or made.parameters[0].annotation is not None:
        return made
    if isinstance(declared_as, Item) and isinstance(declared_as.key, Sequence) and declared_as.key.items:
        declared_as = declared_as.key.items[0]
    first: Parameter = replace(made.parameters[0], annotation=declared_as)
    return replace(made, parameters=(first, *made.parameters[1:]))


def _function(lower: Lowering, node: Node) -> Iterator[Statement]:
    yield Define(function(lower, node, text(node.child_by_field_name("name"))), place=place(node))


def _class(lower: Lowering, node: Node) -> Iterator[Statement]:
    yield DefineClass(definition(lower, node), place=place(node))


def _export(lower: Lowering, node: Node) -> Iterator[Statement]:
    declaration = node.child_by_field_name("declaration")
    value, source = node.child_by_field_name("value"), node.child_by_field_name("source")
    where = place(node)
    if has(node, "="):
        yield from exports(lower, "default", lower.value(named(node)[-1], "default"), where)
    elif declaration is not None:
        made = lower.statement(declaration)
        yield from made
        if has(node, "default"):
            yield Export("default", _default(made, declaration), place=where)
        else:
            for name in _names(made):
                yield Export(name, Name(name, place=where), place=where)
    elif value is not None:
        yield Export("default", lower.value(value, "default"), place=where)
    else:
        yield from passed_on(lower, node, source)


def _default(made: tuple[Statement, ...], node: Node) -> Expression:
    last = made[-1] if made else None
    if isinstance(last, Define):
        return Name(last.function.name, place=place(node))
    if isinstance(last, DefineClass):
        return Name(last.definition.name, place=place(node))
    return Opaque(said="types")


def _names(made: Iterable[Statement]) -> Iterator[str]:
    """The names that a declaration makes, but for those of our own."""
    for each in made:
        if isinstance(each, Define):
            yield each.function.name
        elif isinstance(each, DefineClass):
            yield each.definition.name
        elif isinstance(each, Assign):
            yield from (one.id for one in each.targets if isinstance(one, Name) and " " not in one.id)


def _enum(_lower: Lowering, node: Node) -> Iterator[Statement]:
    body = node.child_by_field_name("body")
    entries: list[Entry] = []
    for position, each in enumerate(named(body) if body is not None else ()):
        if each.type == "enum_assignment":
            called, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            if called is not None:
                entries.append(Entry(key(_lower, called), _lower.expression(value)))
        else:
            entries.append(Entry(key(_lower, each), Constant(position)))
    name = Name(text(node.child_by_field_name("name")), place=place(node))
    yield Assign((name,), Record(tuple(entries), place=place(node)), const=True, place=place(node))


def _namespace(lower: Lowering, node: Node) -> Iterator[Statement]:
    body = lower.body(node.child_by_field_name("body"))
    kept = tuple(each for each in body if not isinstance(each, Export))
    shown = tuple(Entry(Constant(one.name), one.value) for one in body if isinstance(one, Export))
    yield Block(kept, place=place(node))
    name = text(node.child_by_field_name("name"))
    if name.isidentifier():
        yield Assign((Name(name),), Record(shown), const=True, place=place(node))


DECLARATIONS: Statements = {
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "import_statement": imports,
    "export_statement": _export,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
}
