"""Values of properties as services answer with them: plain JSON, texts for names, switches and numbers, policies, tags."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ....capture import UNRESOLVED, has_symbol
from ..resources import Unresolved


def plain(value: Any) -> Any:
    """A value as JSON: what is not resolved in it becomes its marked document."""
    if isinstance(value, Unresolved):
        return dict(value.document())
    if isinstance(value, OpenMembers):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def symbolic(value: Any) -> Any:
    """A value as JSON in which a symbol stands for what is not resolved, for policies and patterns, whose language knows `${Name}`."""
    if isinstance(value, Unresolved):
        return _symbol(value.symbol)
    if isinstance(value, OpenMembers):
        return symbolic(value.value)
    if isinstance(value, Mapping):
        if isinstance(value.get(UNRESOLVED), str):
            return _symbol(value[UNRESOLVED])
        return {str(name): symbolic(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [symbolic(each) for each in value]
    return value


def _symbol(symbol: str) -> str:
    return symbol if "${" in symbol else f"${{{symbol}}}"


def word(value: Any, default: str = "") -> str:
    """A text for a place of a name or an ARN: the symbol of what is not resolved, numbers as they are written; else the default."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    found = symbolic(value)
    return found if isinstance(found, str) else default


def policy(document: Any) -> str:
    """A policy document as the text that AWS answers with."""
    if isinstance(document, str):
        return document
    return json.dumps(symbolic(document), sort_keys=True, ensure_ascii=False)


# Elements of a policy that decide whom it speaks of and what they may do: a policy in which one of these is open says nothing sure.
_DECIDING = ("Effect", "Principal", "NotPrincipal", "Action", "NotAction")


def policy_answer(document: Any) -> Any:
    """A policy document as its text, in which symbols stand for open resources and values of conditions; marked as open itself where more than these is."""
    opened = _open_policy(document)
    if opened is not None:
        return plain(opened)
    return policy(document)


def _open_policy(document: Any) -> Any:
    """The value in a policy because of which nothing sure can be said of it; None if there is none."""
    if untold(document):
        return document
    statements = members(document).get("Statement")
    for each in (statements, *entries(statements)):
        if untold(each):
            return each
        for name in _DECIDING:
            found = _first_open(members(each).get(name))
            if found is not None:
                return found
    return None


def _first_open(value: Any) -> Any:
    if untold(value):
        return value
    if isinstance(value, str):
        return Unresolved(value, f"{value} is not known", "") if has_symbol(value) else None
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return next((found for each in inner if (found := _first_open(each)) is not None), None)


class OpenMembers(Mapping[str, Any]):
    """The members of an object that a template does not tell: each that is asked for is open as well."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __getitem__(self, name: str) -> Any:
        return self.value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


def members(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one; of an open one each member is open."""
    if untold(value):
        return value if isinstance(value, OpenMembers) else OpenMembers(value)
    return value if isinstance(value, Mapping) else {}


def entries(value: Any) -> list[Any]:
    """The members of a list; a single value is a list of itself, as several properties allow; nothing is an empty one."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def untold(value: Any) -> bool:
    """Whether a value is one that the template does not tell."""
    return isinstance(value, (Unresolved, OpenMembers)) or (isinstance(value, dict) and UNRESOLVED in value)


def holds_open(value: Any) -> bool:
    """Whether anything in a value is one that the template does not tell."""
    if untold(value):
        return True
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return any(map(holds_open, inner))


def switch(value: Any, default: Any = None) -> Any:
    """A switch that may be written as text, as CloudFormation allows; what is no switch stays as it is."""
    if value is None:
        return default
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return plain(value)


def number(value: Any, default: Any = None) -> Any:
    """A number that may be written as text, as CloudFormation allows; what is no number stays as it is."""
    if value is None:
        return default
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    return plain(value)


def lower_first(value: Any) -> Any:
    """An object with its members in the letters of older services, which begin small (`ThrottlingRateLimit` is `throttlingRateLimit`), at every depth."""
    if untold(value):
        return value
    if isinstance(value, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": lower_first(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [lower_first(each) for each in value]
    return value


def tags_of(value: Any) -> dict[str, Any]:
    """Tags as a map, from CloudFormation's list of Key and Value or from a map."""
    if isinstance(value, Mapping) and not untold(value):
        return {str(name): word(each) for name, each in value.items()}
    made: dict[str, Any] = {}
    for each in entries(value):
        pair = members(each)
        if isinstance(pair.get("Key"), str):
            made[pair["Key"]] = word(pair.get("Value"))
    return made


def tag_list(value: Any) -> list[dict[str, Any]]:
    """Tags as the list of Key and Value that most services answer with."""
    return [{"Key": key, "Value": held} for key, held in tags_of(value).items()]
