"""Configuration that is written as a program in JavaScript or TypeScript, as far as its literals tell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from .loading import plain_value
from .located import Block, Series, place
from .values import joined, unresolved

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from .forest import Forest

_DEEPEST = 40
_ENDINGS = ("", ".ts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js")
_WRAPPERS = (
    "as_expression",
    "satisfies_expression",
    "parenthesized_expression",
    "non_null_expression",
    "type_assertion",
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class _Module:
    """The names that one file declares, imports and exports."""

    path: str
    declared: dict[str, Node] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    exported: dict[str, Node] = field(default_factory=dict)
    passed_on: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def _parser() -> Parser:
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_typescript.language_typescript()))


class Literals:
    """Evaluates what programs of a source tree export, without running them: literals, constants and imports, nothing else."""

    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._modules: dict[str, _Module] = {}

    def exported(self, path: str) -> Any:
        """What a file exports by default; parts that only running it tells are `Unresolved`."""
        return self._export(path, "default", 0)

    def _export(self, path: str, name: str, depth: int) -> Any:
        module = self._module(path)
        if name in module.exported:
            return self._value(module.exported[name], module, depth + 1)
        if name in module.passed_on and depth < _DEEPEST:
            source, other = module.passed_on[name]
            return self._from(source, other, module, depth + 1)
        return unresolved(name, f"{path} does not say it as a literal", path)

    def _from(self, source: str, name: str, module: _Module, depth: int) -> Any:
        path = self._found(source, module)
        if not path or depth > _DEEPEST:
            return unresolved(name, f"{source} is not in the source tree", module.path)
        if path.endswith(".json"):
            return self._forest.fragment(path)
        return self._export(path, name, depth + 1)

    def _found(self, source: str, module: _Module) -> str:
        # An alias such as `@functions/hello` stands for a folder below the sources, as projects are set up.
        plainly = source if source.startswith(".") else source.lstrip("@~").lstrip("/")
        folders = [posixpath.dirname(module.path)]
        if not source.startswith("."):
            top = folders[0]
            folders = [posixpath.join(top, "src"), top, "src", "."]
        for ending in _ENDINGS:
            found = self._forest.files.place(plainly + ending, *folders)
            if found in self._forest.files:
                return found
        return ""

    def _module(self, path: str) -> _Module:
        if path not in self._modules:
            module = _Module(path)
            tree = _parser().parse(self._forest.text(path).encode("utf-8", "replace"))
            for node in tree.root_node.named_children:
                _note(node, module)
            self._modules[path] = module
        return self._modules[path]

    def _value(self, node: Node, module: _Module, depth: int) -> Any:
        where = place(module.path, _line(node))
        if depth > _DEEPEST:
            return unresolved("…", "nested too deeply", where)
        evaluate = _KINDS.get(node.type)
        found = evaluate(self, node, module, depth + 1) if evaluate is not None else None
        return unresolved(_text(node)[:60], "the program makes it when it runs", where) if found is None else found

    def _object(self, node: Node, module: _Module, depth: int) -> Any:
        made = Block(module.path, _line(node))
        for child in node.named_children:
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    made.put(self._key(key, module, depth), self._value(value, module, depth), _line(child))
            elif child.type == "shorthand_property_identifier":
                made.put(_text(child), self._name(child, module, depth), _line(child))
            elif child.type == "spread_element" and child.named_children:
                spread = self._value(child.named_children[0], module, depth)
                for name in spread if isinstance(spread, Block) else ():
                    made.take(spread, name, spread[name])
                if not isinstance(spread, Block):
                    # Kept under a name that no setting has, so that whoever reads the mapping sees that something is missing.
                    made.put(_text(child)[:60], spread, _line(child))
        return made

    def _key(self, node: Node, module: _Module, depth: int) -> str:
        if node.type == "string":
            return _unquoted(node)
        if node.type == "computed_property_name" and node.named_children:
            return str(joined([self._value(node.named_children[0], module, depth)]))
        return _text(node)

    def _array(self, node: Node, module: _Module, depth: int) -> Any:
        made = Series(module.path, _line(node))
        for child in node.named_children:
            if child.type != "comment":
                made.add(self._value(child, module, depth), _line(child))
        return made

    def _string(self, node: Node, module: _Module, depth: int) -> Any:
        return _unquoted(node)

    def _template(self, node: Node, module: _Module, depth: int) -> Any:
        parts = []
        for child in node.named_children:
            if child.type == "template_substitution":
                parts += [self._value(each, module, depth) for each in child.named_children]
            else:
                parts.append(_ESCAPE.sub(lambda match: _ESCAPED.get(match.group(1), match.group(1)), _text(child)))
        return joined(parts)

    def _plain(self, node: Node, module: _Module, depth: int) -> Any:
        return plain_value(_text(node))

    def _inner(self, node: Node, module: _Module, depth: int) -> Any:
        return self._value(node.named_children[0], module, depth) if node.named_children else None

    def _name(self, node: Node, module: _Module, depth: int) -> Any:
        name = _text(node)
        if name in module.declared:
            return self._value(module.declared[name], module, depth + 1)
        if name in module.imported:
            source, other = module.imported[name]
            return self._from(source, other, module, depth + 1)
        return None

    def _member(self, node: Node, module: _Module, depth: int) -> Any:
        whole = _text(node)
        if whole.startswith("process.env."):
            name = whole.removeprefix("process.env.")
            return unresolved(f"env:{name}", f"{name} is read from the environment", place(module.path, _line(node)))
        holder, name_node = node.child_by_field_name("object"), node.child_by_field_name("property")
        held = self._value(holder, module, depth) if holder is not None else None
        return held.get(_text(name_node)) if isinstance(held, Block) and name_node is not None else None

    def _binary(self, node: Node, module: _Module, depth: int) -> Any:
        left, right, sign = (node.child_by_field_name(each) for each in ("left", "right", "operator"))
        if left is None or right is None or sign is None:
            return None
        first = self._value(left, module, depth)
        if _text(sign) in ("||", "??"):
            return first if isinstance(first, str | int | Block) and first else self._value(right, module, depth)
        return joined([first, self._value(right, module, depth)]) if _text(sign) == "+" else None


_KINDS: Mapping[str, Callable[[Literals, Node, _Module, int], Any]] = {
    "object": Literals._object,
    "array": Literals._array,
    "string": Literals._string,
    "template_string": Literals._template,
    "number": Literals._plain,
    "true": Literals._plain,
    "false": Literals._plain,
    "identifier": Literals._name,
    "member_expression": Literals._member,
    "binary_expression": Literals._binary,
    **dict.fromkeys(_WRAPPERS, Literals._inner),
}


def _note(node: Node, module: _Module) -> None:
    """Note the names that a statement declares, imports or exports."""
    if node.type == "import_statement":
        _note_import(node, module)
    elif node.type == "lexical_declaration" or node.type == "variable_declaration":
        for each in node.named_children:
            name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            if name is not None and value is not None:
                module.declared[_text(name)] = value
    elif node.type == "export_statement":
        _note_export(node, module)
    elif (
        node.type == "expression_statement"
        and node.named_children
        and node.named_children[0].type == "assignment_expression"
    ):
        left, right = (node.named_children[0].child_by_field_name(each) for each in ("left", "right"))
        if left is not None and right is not None and _text(left) == "module.exports":
            module.exported["default"] = right


def _note_import(node: Node, module: _Module) -> None:
    source = node.child_by_field_name("source")
    for clause in node.named_children:
        if clause.type != "import_clause" or source is None:
            continue
        for each in clause.named_children:
            if each.type == "identifier":
                module.imported[_text(each)] = (_unquoted(source), "default")
            for specifier in each.named_children if each.type == "named_imports" else ():
                name, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
                if name is not None:
                    module.imported[_text(alias or name)] = (_unquoted(source), _text(name))


def _note_export(node: Node, module: _Module) -> None:
    source, value, declaration = (node.child_by_field_name(each) for each in ("source", "value", "declaration"))
    if declaration is not None:
        _note(declaration, module)
        for each in declaration.named_children:
            name, said = each.child_by_field_name("name"), each.child_by_field_name("value")
            if name is not None and said is not None:
                module.exported[_text(name)] = said
    elif value is not None:
        module.exported["default"] = value
    for clause in node.named_children:
        for specifier in clause.named_children if clause.type == "export_clause" else ():
            name, alias = specifier.child_by_field_name("name"), specifier.child_by_field_name("alias")
            if name is not None and source is not None:
                module.passed_on[_text(alias or name)] = (_unquoted(source), _text(name))
            elif name is not None:
                module.exported[_text(alias or name)] = name
    if (
        value is None
        and declaration is None
        and node.named_children
        and node.named_children[0].type in ("identifier", "object")
    ):
        module.exported["default"] = node.named_children[0]


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _unquoted(node: Node) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match.group(1), match.group(1)), _text(node)[1:-1])
