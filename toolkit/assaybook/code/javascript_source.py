"""JavaScript and TypeScript in the intermediate form.

The parsers are those of tree-sitter: they recover from what they do not understand, so that one odd line leaves the rest of a file readable. Such places
are told in `Module.swallowed`; a file that is mostly such places, or too large to be anybody's own source, is not parsed at all.
"""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from .ir import JAVASCRIPT, Evaluate, Module, Opaque, Place, Statement
from .javascript_calls import CALLS
from .javascript_declarations import DECLARATIONS
from .javascript_expressions import EXPRESSIONS
from .javascript_functions import VALUES
from .javascript_literals import LITERALS
from .javascript_lowering import COMMENTS, Lowering, place
from .javascript_modules import read_exports
from .javascript_statements import CONTROL
from .package import NotParsed

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

LARGEST = 2_000_000
# Beyond this share of a file in places that could not be parsed, what is left is not the program any more.
MOST_SWALLOWED = 0.5
_TYPESCRIPT = frozenset({".ts", ".mts", ".cts"})
_OPERATIONS = frozenset(
    {"binary_expression", "unary_expression", "as_expression", "satisfies_expression", "await_expression"}
)
_VALUES = {**LITERALS, **EXPRESSIONS, **VALUES, **CALLS}
_STATEMENTS = {**DECLARATIONS, **CONTROL}


def lower_javascript(path: str, text: str, language: str) -> Module:
    """A source file in the intermediate form. Raises `NotParsed` if there is nothing to go by."""
    if len(text) > LARGEST:
        raise NotParsed(f"it is bundled or minified: {len(text):,} characters are more than {LARGEST:,}")
    if "\0" in text:
        raise NotParsed("it holds null characters, so that it is no text")
    source = text.encode("utf-8", "replace")
    grammar = _grammar(path, language)
    root = _tree(source, grammar)
    bare = _without_assertions(root, source) if b"!" in source and grammar != "javascript" else None
    if bare is not None:
        root = _tree(bare, grammar)
    swallowed = _swallowed(root) if root.has_error else []
    lost = sum(each.end_byte - each.start_byte for each in swallowed)
    if root.type == "ERROR" or lost > MOST_SWALLOWED * max(1, len(source)):
        line = place(swallowed[0]).line if swallowed else 1
        raise NotParsed("it is not valid JavaScript or TypeScript", line)
    lower = Lowering(
        _VALUES, _STATEMENTS, read_exports=read_exports(text), swallowed=[place(each) for each in swallowed]
    )
    body = _body(lower, root)
    lines = tuple(line.removesuffix("\r") for line in text.split("\n"))
    return Module(path, language, body, lines, tuple(sorted(lower.swallowed, key=_order)))


def _order(each: Place) -> tuple[int, int]:
    return each.line, each.column


def _body(lower: Lowering, root: Node) -> tuple[Statement, ...]:
    """The statements of a file. One that is nested too deeply is left out and told."""
    first: list[Statement] = []
    found: list[Statement] = []
    for node in root.children:
        if node.type in COMMENTS or not node.is_named:
            continue
        declares = "function_declaration" in node.type or _is_exported_function(node)
        (first if declares else found).extend(_statement(lower, node))
    return (*lower.first, *first, *found, *lower.last)


def _is_exported_function(node: Node) -> bool:
    declaration = node.child_by_field_name("declaration") if node.type == "export_statement" else None
    return declaration is not None and "function_declaration" in declaration.type


def _statement(lower: Lowering, node: Node) -> tuple[Statement, ...]:
    try:
        return lower.statement(node)
    except RecursionError:
        lower.reset()
        lower.swallow(node)
        return (Evaluate(Opaque((), "nested too deeply", place=place(node)), place=place(node)),)


def _grammar(path: str, language: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".tsx" or (language == "typescript" and suffix not in _TYPESCRIPT and suffix == ".jsx"):
        return "tsx"
    return "javascript" if language == JAVASCRIPT else "typescript"


def _tree(source: bytes, grammar: str) -> Node:
    """The tree of a source; if it has errors, the better of two, as types occur in files that are called JavaScript."""
    root = _parser(grammar).parse(source).root_node
    if not root.has_error:
        return root
    other = _parser("typescript" if grammar == "tsx" else "tsx").parse(source).root_node
    return other if _lost(other) < _lost(root) else root


def _without_assertions(root: Node, source: bytes) -> bytes | None:
    """The source with the signs of `not null` blanked, if one was taken for one of a whole operation; None if nothing was misread.

    The grammar binds them too loosely: `"a" + b!.c` reads as `("a" + b!).c`. (Measured with tree-sitter-typescript 0.23.)
    """
    signs: list[int] = []
    misread = False
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "non_null_expression":
            signs.append(node.end_byte - 1)
            misread = misread or node.children[0].type in _OPERATIONS
        waiting.extend(node.children)
    if not misread:
        return None
    blanked = bytearray(source)
    for each in signs:
        blanked[each : each + 1] = b" "
    return bytes(blanked)


def _lost(root: Node) -> int:
    if root.type == "ERROR":
        return root.end_byte - root.start_byte + 1
    return sum(1 + each.end_byte - each.start_byte for each in _swallowed(root)) if root.has_error else 0


def _swallowed(root: Node) -> list[Node]:
    """The places that could not be parsed, the outermost of each."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            found.append(node)
        elif node.has_error:
            waiting.extend(node.children)
    return sorted(found, key=lambda each: each.start_byte)


@cache
def _parser(grammar: str) -> Parser:
    """A parser, made when it is first needed."""
    from tree_sitter import Language, Parser

    if grammar == "javascript":
        import tree_sitter_javascript

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript

    made = tree_sitter_typescript.language_tsx() if grammar == "tsx" else tree_sitter_typescript.language_typescript()
    return Parser(Language(made))
