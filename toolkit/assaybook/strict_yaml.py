"""YAML read strictly: plain data only, no key twice, and each refusal names the file and the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml.reader import Reader

if TYPE_CHECKING:
    from yaml import SafeLoader as FastestLoader
else:
    FastestLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 64
MOST = 1_000_000
NOT_PRINTABLE = Reader.NON_PRINTABLE
_TAG = "tag:yaml.org,2002:"
# What YAML 1.1 makes of a bare `=` and `<<`; neither is a value.
_SPECIAL = frozenset({f"{_TAG}value", f"{_TAG}merge"})


class YamlError(Exception):
    """A YAML text cannot be used: where it came from, the line (None where there is none), and what is wrong."""

    def __init__(self, origin: str, line: int | None, message: str) -> None:
        place = origin if line is None else f"{origin}, line {line}"
        super().__init__(f"{place}: {message}")
        self.origin = origin
        self.line = line
        self.message = message


class _StrictLoader(FastestLoader):
    """The safe loader, without keys that stand twice in a mapping and without tags that are not plain data."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._seen: set[int] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # Merging rewrites a node's keys, and may do so before the node itself is built: look at each node once, before that.
        if id(node) not in self._seen:
            self._seen.add(id(node))
            self._refuse_duplicates(node)
        super().flatten_mapping(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        self._refuse_tag(node)
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as wrong:
            raise _refusal(f"not a value: {wrong}", node) from wrong

    def _refuse_duplicates(self, node: yaml.MappingNode) -> None:
        # Keys are compared as values, as a dict will: 1 and 0x1 are the same key, and so are yes and true, even 1 and true.
        first: dict[object, yaml.ScalarNode] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            value = _SPECIAL if key.tag == f"{_TAG}merge" else self.construct_object(key)
            if value in first:
                line = first[value].start_mark.line + 1
                said = first[value].value
                place = f"first in line {line}" if said == key.value else f"as {said!r} in line {line}"
                raise _refusal(f"the key {key.value!r} stands here a second time ({place})", key)
            first[value] = key

    def _refuse_tag(self, node: yaml.Node) -> None:
        if node.tag in _SPECIAL:
            raise _refusal(f"{node.value!r} has a meaning of its own in YAML; quote it", node)
        if node.tag != self._plain_tag(node):
            tag = node.tag.replace(_TAG, "!!", 1)
            raise _refusal(f"the tag {tag} does not make plain data of this; remove it", node)

    def _plain_tag(self, node: yaml.Node) -> object:
        if isinstance(node, yaml.MappingNode):
            return f"{_TAG}map"
        if isinstance(node, yaml.SequenceNode):
            return f"{_TAG}seq"
        if node.tag == f"{_TAG}str":
            return node.tag
        resolve: Callable[..., object] = self.resolve
        return resolve(yaml.ScalarNode, node.value, (True, False))


def _refusal(problem: str, at: yaml.Node | yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = at.start_mark
    return yaml.constructor.ConstructorError(None, None, problem, mark)


@dataclass(slots=True)
class _Extent:
    """How much a part of a document comes to once its aliases are followed: values, and levels of nesting."""

    anchor: str | None
    values: int = 1
    levels: int = 0


def _refuse_excess(text: str) -> None:
    """Refuse what is nested too deeply, comes to too much, or has no end.

    The composers recurse, the one in C without any bound, so that a file of brackets would end the process. A few aliases of aliases come
    to more than any memory holds when somebody walks through the result. Events come one by one, before either happens.
    """
    open_parts: list[_Extent] = []
    anchored: dict[str, _Extent] = {}
    for event in yaml.parse(text, Loader=FastestLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append(_Extent(event.anchor))
            part = _Extent(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            part = open_parts.pop()
            part.levels += 1
        elif isinstance(event, yaml.ScalarEvent):
            part = _Extent(event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            if any(each.anchor == event.anchor for each in open_parts):
                raise _refusal(f"the alias {event.anchor!r} stands within what it refers to", event)
            part = anchored.get(str(event.anchor), _Extent(None))
        else:
            continue
        if part.anchor is not None:
            anchored[part.anchor] = part
        if len(open_parts) + part.levels > DEEPEST:
            raise _refusal("nested too deeply", event)
        if open_parts and not isinstance(event, yaml.CollectionStartEvent):
            around = open_parts[-1]
            around.values += part.values
            around.levels = max(around.levels, part.levels)
            if around.values > MOST:
                raise _refusal(f"more than {MOST} values", event)


def load_yaml(text: str, origin: str) -> object:
    """The one document of a YAML text as plain data: dicts, lists, strings, numbers, booleans, dates, None.

    `origin` is the name that errors give the text, a file's name as a rule. An empty text gives None. Raises YamlError for
    text that is no YAML, for a key that stands twice, a tag that is not plain data, more than one document, control characters,
    and for text that is nested more than 64 levels deep, comes to more than a million values, or refers to itself.
    """
    found = NOT_PRINTABLE.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise YamlError(origin, line, f"the character U+{ord(found.group()):04X} cannot stand in YAML; remove it")
    try:
        _refuse_excess(text)
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
