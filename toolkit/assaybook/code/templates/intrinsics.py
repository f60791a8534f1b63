"""CloudFormation's functions, resolved as far as the text of a template allows."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .located import Block, Series
from .resources import Unresolved
from .values import NOTHING, Partly, as_json, bare, is_known, joined, text_of, unresolved

_VARIABLE = re.compile(r"\$\{([^${}]*)\}")
DEEPEST = 100
_MOST_BLOCKS = 256


class Scope(Protocol):
    """What functions ask of the stack that they stand in."""

    region: str

    def reference(self, name: str, where: str) -> Any:
        """What a parameter, pseudo parameter or resource of this name is."""

    def attribute(self, logical: str, name: str, where: str) -> Any:
        """What an attribute of a resource is."""

    def condition(self, name: str) -> bool | None:
        """Whether a condition holds; None if it cannot be decided."""

    def mapping(self, name: str) -> Block:
        """A mapping of the template."""

    def imported(self, name: str, where: str) -> Any:
        """What another stack exports under a name."""

    def included(self, location: str) -> Any:
        """A fragment of a template in the source tree, or None."""


class Resolver:
    """Resolves values in the scope of one stack."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def resolve(self, value: Any, depth: int = 0) -> Any:
        """The value with its functions resolved; what cannot be is `Unresolved`, or a text with symbols in it. The value itself is left as it is."""
        if depth > DEEPEST:
            return unresolved("…", "nested too deeply", _where(value))
        if isinstance(value, Block):
            name = function_of(value)
            if name:
                return self._call(value, name, depth)
            return self._block(value, depth)
        if isinstance(value, Series):
            series = value.like()
            for index, item in enumerate(value):
                found = self.resolve(item, depth + 1)
                if found is not NOTHING:
                    series.add(found, value.lines[index] if index < len(value.lines) else value.line)
            return series
        return value

    def _block(self, value: Block, depth: int) -> Block:
        made = value.like()
        for key, item in value.items():
            if key == "Fn::Transform":
                self._include(made, self.resolve(item, depth + 1), value.where(key))
                continue
            found = self.resolve(item, depth + 1)
            if found is not NOTHING:
                made.take(value, key, found)
        return made

    def _include(self, made: Block, transform: Any, where: str) -> None:
        for each in transform if isinstance(transform, list) else [transform]:
            found = self.fragment(each)
            if isinstance(found, Block):
                for key, item in found.items():
                    made.take(found, key, self.resolve(item, 1))
            else:
                made.put("Fn::Transform", unresolved("Fn::Transform", "a macro makes this part of the template", where))

    def fragment(self, transform: Any) -> Any:
        """What a transform includes of the source tree, if it is such a one."""
        if not isinstance(transform, Block) or transform.get("Name") != "AWS::Include":
            return None
        parameters = transform.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, Block) else None
        return self.scope.included(location) if isinstance(location, str) else None

    def _call(self, value: Block, name: str, depth: int) -> Any:
        where = value.where(name)
        function = _FUNCTIONS.get(name)
        if function is None:
            return unresolved(name, f"the function {name} is not known", where)
        found = function(self, value[name], where, depth + 1)
        if found is None:
            return unresolved(name, f"{name} is not used as it can be", where)
        return found

    def _ref(self, said: Any, where: str, depth: int) -> Any:
        name = self.resolve(said, depth)
        return self.scope.reference(name, where) if isinstance(name, str) else None

    def _get_att(self, said: Any, where: str, depth: int) -> Any:
        if isinstance(said, str):
            logical, _, name = said.partition(".")
            return self.scope.attribute(logical, name, where) if name else None
        parts = self.resolve(said, depth)
        if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(each, str) for each in parts):
            return None
        return self.scope.attribute(parts[0], ".".join(parts[1:]), where)

    def _sub(self, said: Any, where: str, depth: int) -> Any:
        given: Mapping[str, Any] = {}
        text = said
        if isinstance(said, list):
            text = self.resolve(said[0], depth) if said else None
            given = said[1] if len(said) > 1 and isinstance(said[1], Block) else {}
        if isinstance(text, int | float):
            return text_of(text)
        if not isinstance(text, str):
            return text if isinstance(text, Unresolved) else None

        def variable(name: str) -> Any:
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            name = name.strip()
            if name in given:
                return self.resolve(given[name], depth)
            logical, dot, attribute = name.partition(".")
            if dot:
                return self.scope.attribute(logical, attribute, where)
            return self.scope.reference(name, where)

        parts = _VARIABLE.split(text)
        values = [variable(part) if index % 2 else part for index, part in enumerate(parts)]
        if len(values) == 3 and not values[0] and not values[2] and isinstance(values[1], Unresolved):
            return values[1]
        return joined(values)

    def _join(self, said: Any, where: str, depth: int) -> Any:
        if not isinstance(said, list) or len(said) != 2:
            return None
        delimiter, items = self.resolve(said[0], depth), self.resolve(said[1], depth)
        if isinstance(items, Unresolved):
            return items
        if not isinstance(delimiter, str) or not isinstance(items, list):
            return None
        if len(items) == 1 and isinstance(items[0], Unresolved):
            return items[0]
        return joined(items, delimiter)

    def _select(self, said: Any, where: str, depth: int) -> Any:
        if not isinstance(said, list) or len(said) != 2:
            return None
        index, items = self.resolve(said[0], depth), self.resolve(said[1], depth)
        if isinstance(items, Unresolved):
            return unresolved(f"{bare(items.symbol)}[{text_of(index)}]", items.why, where)
        number = _whole(index)
        if not isinstance(items, list) or number is None or not 0 <= number < len(items):
            return None
        return items[number]

    def _split(self, said: Any, where: str, depth: int) -> Any:
        if not isinstance(said, list) or len(said) != 2:
            return None
        delimiter, text = self.resolve(said[0], depth), self.resolve(said[1], depth)
        if isinstance(text, Unresolved):
            return text
        if not isinstance(delimiter, str) or not delimiter or not isinstance(text, str):
            return None
        return _series(
            [Partly(each) if "${" in each and not is_known(text) else each for each in text.split(delimiter)], where
        )

    def _find_in_map(self, said: Any, where: str, depth: int) -> Any:
        if not isinstance(said, list) or len(said) < 3:
            return None
        keys = [self.resolve(each, depth) for each in said[:3]]
        default = said[3].get("DefaultValue") if len(said) > 3 and isinstance(said[3], Block) else None
        if all(is_known(each) and isinstance(each, str | int) for each in keys):
            first = self.scope.mapping(text_of(keys[0])).get(text_of(keys[1]))
            if isinstance(first, Block) and text_of(keys[2]) in first:
                return self.resolve(first[text_of(keys[2])], depth)
            if default is not None:
                return self.resolve(default, depth)
        name = ".".join(bare(text_of(each)) for each in keys)
        return unresolved(name, "the key of the mapping is not known", where)

    def _if(self, said: Any, where: str, depth: int) -> Any:
        if not isinstance(said, list) or len(said) != 3 or not isinstance(said[0], str):
            return None
        holds = self.scope.condition(said[0])
        if holds is not None:
            return self.resolve(said[1] if holds else said[2], depth)
        first, second = self.resolve(said[1], depth), self.resolve(said[2], depth)
        if first is not NOTHING and second is not NOTHING and as_json(first) == as_json(second):
            return first
        return unresolved(f"If {said[0]}", f"the condition {said[0]} cannot be decided from the template", where)

    def _import_value(self, said: Any, where: str, depth: int) -> Any:
        name = self.resolve(said, depth)
        if isinstance(name, Unresolved):
            return unresolved(f"ImportValue {bare(name.symbol)}", name.why, where)
        return self.scope.imported(name, where) if isinstance(name, str) else None

    def _base64(self, said: Any, where: str, depth: int) -> Any:
        text = self.resolve(said, depth)
        if not isinstance(text, str):
            return text if isinstance(text, Unresolved) else None
        return base64.b64encode(text.encode("utf-8", "replace")).decode() if is_known(text) else text

    def _cidr(self, said: Any, where: str, depth: int) -> Any:
        parts = self.resolve(said, depth)
        if not isinstance(parts, list) or len(parts) < 2:
            return None
        block, count, bits = parts[0], _whole(parts[1]), _whole(parts[2]) if len(parts) > 2 else 8
        if isinstance(block, Unresolved) or not isinstance(block, str) or count is None or bits is None:
            return unresolved(f"Cidr {bare(text_of(block))}", "the block of addresses is not known", where)
        try:
            network = ipaddress.ip_network(block, strict=False)
            subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
            parts = [str(each) for each, _ in zip(subnets, range(min(count, _MOST_BLOCKS)), strict=False)]
        except ValueError:
            return None
        return _series(parts, where)

    def _get_azs(self, said: Any, where: str, depth: int) -> Any:
        region = self.resolve(said, depth)
        if isinstance(region, Unresolved):
            return region
        return _series([f"{region or self.scope.region}{letter}" for letter in "abc"], where)

    def _length(self, said: Any, where: str, depth: int) -> Any:
        items = self.resolve(said, depth)
        if isinstance(items, Unresolved):
            return unresolved(f"Length {bare(items.symbol)}", items.why, where)
        return len(items) if isinstance(items, list) else None

    def _to_json_string(self, said: Any, where: str, depth: int) -> Any:
        found = self.resolve(said, depth)
        if isinstance(found, Unresolved):
            return found
        text = json.dumps(as_json(found), separators=(",", ":"))
        return text if is_known(found) else Partly(text)

    def _transform(self, said: Any, where: str, depth: int) -> Any:
        found = self.fragment(self.resolve(said, depth))
        if found is None:
            return unresolved("Fn::Transform", "a macro makes this part of the template", where)
        return self.resolve(found, depth)

    def _truth(self, said: Any, where: str, depth: int) -> Any:
        return unresolved("condition", "a condition stands where a value is expected", where)


_Function = Callable[[Resolver, Any, str, int], Any]
_FUNCTIONS: Mapping[str, _Function] = {
    "Ref": Resolver._ref,
    "Fn::GetAtt": Resolver._get_att,
    "Fn::Sub": Resolver._sub,
    "Fn::Join": Resolver._join,
    "Fn::Select": Resolver._select,
    "Fn::Split": Resolver._split,
    "Fn::FindInMap": Resolver._find_in_map,
    "Fn::If": Resolver._if,
    "Fn::ImportValue": Resolver._import_value,
    "Fn::Base64": Resolver._base64,
    "Fn::Cidr": Resolver._cidr,
    "Fn::GetAZs": Resolver._get_azs,
    "Fn::Length": Resolver._length,
    "Fn::ToJsonString": Resolver._to_json_string,
    "Fn::Transform": Resolver._transform,
    **dict.fromkeys(("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Contains"), Resolver._truth),
}


def function_of(value: Block) -> str:
    """The function that a mapping is a call of, or an empty text if it is an ordinary mapping."""
    if len(value) != 1:
        return ""
    name = next(iter(value))
    return name if name == "Ref" or (name.startswith("Fn::") and not name.startswith("Fn::ForEach")) else ""


def _series(items: list[Any], where: str) -> Series:
    file, _, line = where.rpartition(":")
    series = Series(file or where, int(line) if line.isdigit() else 0)
    for each in items:
        series.add(each)
    return series


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"\s*\d{1,6}\s*", value) else None


def _where(value: Any) -> str:
    return value.where() if isinstance(value, Block | Series) else ""
