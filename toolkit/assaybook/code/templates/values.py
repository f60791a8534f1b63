"""Values that may be known in part, and how they become texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from .located import Block, Series, plain
from .resources import Unresolved

LONGEST = 200_000
_SYMBOL = re.compile(r"^\$\{(.*)\}$", re.DOTALL)


class Partly(str):
    """A text of which a part stands for something that is not known (`${Stage}-orders`)."""

    __slots__ = ()


class _Nothing:
    """What AWS::NoValue stands for: the property or item is not there."""

    __slots__ = ()


NOTHING: Final = _Nothing()


def unresolved(name: str, why: str, where: str) -> Unresolved:
    """A value that is not known, by the name of what it hangs on."""
    return Unresolved(f"${{{name}}}", why, where)


def bare(symbol: str) -> str:
    """The name within a symbol: `Stage` of `${Stage}`."""
    found = _SYMBOL.match(symbol)
    return found.group(1) if found and "${" not in found.group(1) else symbol


def is_known(value: Any) -> bool:
    """Whether a text or number is known wholly; lists and mappings are if all that is in them is."""
    if isinstance(value, Unresolved | Partly):
        return False
    if isinstance(value, dict):
        return all(is_known(each) for each in value.values())
    if isinstance(value, list):
        return all(is_known(each) for each in value)
    return True


def text_of(value: Any) -> str:
    """A value within a text: numbers and switches as CloudFormation writes them, what is not known as its symbol."""
    if isinstance(value, Unresolved):
        return Partly(value.symbol)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value is NOTHING:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(as_json(value), separators=(",", ":"))
    return str(value)


def joined(parts: Iterable[Any], delimiter: str = "") -> str:
    """Texts in a row, marked as known in part if one of them is; cut where no real text is that long."""
    texts = [text_of(each) for each in parts]
    whole = delimiter.join(texts)
    if len(whole) > LONGEST:
        return Partly(whole[:LONGEST])
    return whole if all(is_known(each) for each in texts) and is_known(delimiter) else Partly(whole)


def as_json(value: Any) -> Any:
    """The value as plain JSON, with symbols for what is not known."""
    if isinstance(value, Unresolved):
        return value.symbol
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return str(value) if isinstance(value, str) else value


def finished(value: Any) -> Any:
    """The value in plain dicts, lists and texts, with `Unresolved` where something is not known."""
    return plain(value)


def _where(series: Series, index: int) -> str:
    """Where an item stands; one that another file brought in stands there."""
    item = series[index]
    return item.where() if isinstance(item, Block) and item.line else series.where(index)


def places(value: Any, prefix: str = "") -> dict[str, str]:
    """Where each property of a value stands, by dotted path."""
    found: dict[str, str] = {}
    pending: list[tuple[str, Any]] = [(prefix, value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, Block):
            inner = [(key, each, item.where(key)) for key, each in item.items()]
        elif isinstance(item, Series):
            inner = [(str(index), each, _where(item, index)) for index, each in enumerate(item)]
        else:
            continue
        for key, each, where in inner:
            whole = f"{path}.{key}" if path else key
            found[whole] = where
            pending.append((whole, each))
    return dict(sorted(found.items()))
