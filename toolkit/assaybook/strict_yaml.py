"""YAML read strictly: plain data only, no key twice, and each refusal names the file and the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import yaml
from yaml.reader import Reader

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    FastestLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 64
NOT_PRINTABLE = Reader.NON_PRINTABLE


class YamlError(Exception):
    """A YAML text cannot be used: where it came from, the line (None where there is none), and what is wrong."""

    def __init__(self, origin: str, line: int | None, message: str) -> None:
        place = origin if line is None else f"{origin}, line {line}"
        super().__init__(f"{place}: {message}")
        self.origin = origin
        self.line = line
        self.message = message


class _StrictLoader(FastestLoader):
    """The safe loader, without keys that stand twice in a mapping."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._seen: set[int] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # Merging rewrites a node's keys, and may do so before the node itself is built: look at each node once, before that.
        if id(node) not in self._seen:
            self._seen.add(id(node))
            _refuse_duplicates(node)
        super().flatten_mapping(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as wrong:
            raise yaml.constructor.ConstructorError(None, None, f"not a value: {wrong}", node.start_mark) from wrong


def _refuse_duplicates(node: yaml.MappingNode) -> None:
    lines: dict[tuple[str, str], int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        name = (key.tag, key.value)
        if name in lines:
            problem = f"the key {key.value!r} stands here a second time (first in line {lines[name]})"
            raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        lines[name] = key.start_mark.line + 1


def _refuse_depth(text: str) -> None:
    # The composers recurse, the one in C without any bound: a file of brackets would end the process. Events come one by one.
    depth = 0
    for event in yaml.parse(text, Loader=FastestLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise yaml.constructor.ConstructorError(None, None, "nested too deeply", event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def load_yaml(text: str, origin: str) -> object:
    """The one document of a YAML text as plain data: dicts, lists, strings, numbers, booleans, dates, None.

    `origin` is the name that errors give the text, a file's name as a rule. An empty text gives None. Raises YamlError for
    text that is no YAML, for a key that stands twice, a tag that is not plain data, more than one document, and control characters.
    """
    found = NOT_PRINTABLE.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise YamlError(origin, line, f"the character U+{ord(found.group()):04X} cannot stand in YAML; remove it")
    try:
        _refuse_depth(text)
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(origin, mark.line + 1 if mark else None, error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise YamlError(origin, None, str(error)) from error


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line of the value at a path of keys and positions, or of its nearest parent that is there.

    For messages only: `text` must be one that `load_yaml` accepts.
    """
    node = yaml.compose(text, Loader=FastestLoader)
    if node is None:
        return None
    line: int = node.start_mark.line + 1
    for step in path:
        child = _child(node, step)
        if child is None:
            return line
        mark, node = child
        line = mark + 1
    return line


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    return None
