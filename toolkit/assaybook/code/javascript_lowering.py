"""What lowering a file of JavaScript or TypeScript carries along: the tables of what to do with which node, the names given, what was swallowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .ir import Evaluate, Expression, Name, Opaque, Place, Statement

if TYPE_CHECKING:
    from tree_sitter import Node

Expressions = Mapping[str, "Callable[[Lowering, Node], Expression]"]
Statements = Mapping[str, "Callable[[Lowering, Node], Iterable[Statement]]"]

COMMENTS = frozenset({"comment", "html_comment", "hash_bang_line"})


@dataclass
class Lowering:
    """One file on its way into the intermediate form. `expressions` and `declared` say how a type of node is lowered; what neither knows becomes Opaque.

    `before` are statements that have to stand before the one that is being lowered; `first` stand before everything in the file,
    `last` behind it. `read_exports` are the
    names that the file reads back from its own exports. `yielding` is what `yield` means, and `awaited` says that in the next generator it means `await`:
    so compilers write it for older engines. `naming` is the name for the function or class that comes next, if it has none itself.
    """

    expressions: Expressions
    declared: Statements
    first: list[Statement] = field(default_factory=list)
    last: list[Statement] = field(default_factory=list)
    before: list[Statement] = field(default_factory=list)
    swallowed: list[Place] = field(default_factory=list)
    within: tuple[str, ...] = ()
    read_exports: frozenset[str] = frozenset()
    yielding: str = "yield"
    awaited: bool = False
    naming: str = ""
    _taken: set[str] = field(default_factory=set)
    _counted: dict[str, int] = field(default_factory=dict)
    _required: set[str] = field(default_factory=set)

    def expression(self, node: Node | None) -> Expression:
        """The value that a node stands for."""
        if node is None:
            return Opaque(said="nothing")
        lower = self.expressions.get(node.type)
        if lower is not None:
            return lower(self, node)
        return self.opaque(node)

    def value(self, node: Node | None, name: str) -> Expression:
        """A value; a function or class without a name takes that of what it is assigned to."""
        bare = inner(node)
        takes = bare is not None and bare.type in NAMED_BY_TARGET and not _is_getter(bare)
        self.naming = name if takes else ""
        return self.expression(bare)

    def opaque(self, node: Node) -> Opaque:
        """A node that is not known, with what is known within it."""
        parts = tuple(self.expression(each) for each in named(node))
        return Opaque(parts, node.type, place=place(node))

    def statements(self, nodes: Iterable[Node]) -> tuple[Statement, ...]:
        """Statements in their order; functions that are declared come first, as they may be called before their line."""
        hoisted: list[Statement] = []
        found: list[Statement] = []
        for node in nodes:
            if node.type in COMMENTS or not node.is_named:
                continue
            into = hoisted if node.type in ("function_declaration", "generator_function_declaration") else found
            into.extend(self.statement(node))
        return tuple(hoisted + found)

    def statement(self, node: Node) -> tuple[Statement, ...]:
        """One statement, which may become several."""
        outer, self.before = self.before, []
        lower = self.declared.get(node.type)
        if lower is not None:
            made = tuple(lower(self, node))
        else:
            made = (Evaluate(self.expression(node), place=place(node)),)
        whole = (*self.before, *made)
        self.before = outer
        return whole

    def body(self, node: Node | None) -> tuple[Statement, ...]:
        """The statements of a block, or the one statement that stands in its place."""
        if node is None:
            return ()
        if node.type == "statement_block":
            return self.statements(node.children)
        return self.statements((node,))

    def swallow(self, node: Node) -> None:
        """Notes that a part could not be read."""
        self.swallowed.append(place(node))

    def reset(self) -> None:
        """Back to the outermost level, after a statement was given up."""
        self.before, self.within, self.yielding, self.awaited = [], (), "yield", False

    def qualified(self, name: str) -> str:
        """A name for a function or class that is unique in the file and stays when lines move; `<anonymous 2>` for one without a name."""
        around = ".".join(self.within)
        if not name:
            self._counted[around] = self._counted.get(around, 0) + 1
            name = f"<anonymous {self._counted[around]}>"
        whole = f"{around}.{name}" if around else name
        unique, number = whole, 1
        while unique in self._taken:
            number += 1
            unique = f"{whole}#{number}"
        self._taken.add(unique)
        return unique

    def passing_name(self, said: str) -> Name:
        """A name of our own for a value on its way; no program can have it, as there is a space in it."""
        self._counted[said] = self._counted.get(said, 0) + 1
        return Name(f"{said} {self._counted[said]}")

    def once(self, alias: str) -> bool:
        """Whether this import of our own is the first one under its name."""
        new = alias not in self._required
        self._required.add(alias)
        return new


def place(node: Node) -> Place:
    """Where a node stands."""
    row, column = node.start_point
    return Place(row + 1, column, node.end_point[0] + 1)


def text(node: Node | None) -> str:
    """A node as it is written; empty for none."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def named(node: Node) -> list[Node]:
    """The parts of a node that are not punctuation or comments."""
    return [each for each in node.named_children if each.type not in COMMENTS]


def has(node: Node, word: str) -> bool:
    """Whether a keyword or sign stands among the parts of a node."""
    return any(each.type == word for each in node.children)


def inner(node: Node | None) -> Node | None:
    """What stands within parentheses, types asserted and the like, which change no value."""
    while node is not None and node.type in TRANSPARENT:
        parts = named(node)
        if not parts:
            return None
        node = parts[-1] if node.type == "type_assertion" else parts[0]
    return node


def _is_getter(node: Node) -> bool:
    """Whether a function only gives another name's value, as bundlers write their exports: the name belongs to that one."""
    body = node.child_by_field_name("body")
    return node.type == "arrow_function" and body is not None and body.type == "identifier"


NAMED_BY_TARGET = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
TRANSPARENT = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
        "instantiation_expression",
    }
)
