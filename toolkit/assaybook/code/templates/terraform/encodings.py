"""Functions that write values as texts and read them from texts: JSON, YAML, Base64, digests.

What they write of mappings is remembered, so that a policy that is written as JSON keeps the lines of its parts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from ..loading import Unreadable, load_yaml
from ..located import Block, Series, located
from ..resources import Unresolved
from ..values import LONGEST, Partly, bare, is_known
from .unknown import is_holder, symbol

_MOST = 50_000


class Encoded(str):
    """A text of JSON that remembers what it was made of."""

    __slots__ = ("value",)
    value: Any


class PartlyEncoded(Partly):
    """The same of which a part is not known."""

    __slots__ = ("value",)
    value: Any


def comes_to_much(value: Any, most: int = _MOST) -> bool:
    """Whether more is in a value than any real one holds; parts that it shares count each time."""
    pending, count = [value], 0
    while pending:
        item = pending.pop()
        count += 1
        if count > most:
            return True
        if isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str):
            count += len(item) // 100
    return False


def settled(value: Any) -> Any:
    """A value without things that are worked out when they are asked for; numbers that are whole as such."""
    if is_holder(value):
        return value.whole()
    if isinstance(value, Block):
        made = value.like()
        for key, item in value.items():
            made.take(value, key, settled(item))
        return made
    if isinstance(value, list):
        series = Series(getattr(value, "file", ""), getattr(value, "line", 0))
        lines = getattr(value, "lines", [])
        for index, item in enumerate(value):
            series.add(settled(item), lines[index] if index < len(lines) else 0)
        return series
    return value


def json_text(value: Any) -> Any:
    """A value as JSON, in which a symbol stands for what is not known."""
    if isinstance(value, Unresolved):
        return symbol(f"jsonencode({bare(value.symbol)})", value.why, value.where)
    if comes_to_much(value):
        raise ValueError
    held = settled(value)
    text = json.dumps(_plain(held), separators=(",", ":"), ensure_ascii=False)[:LONGEST]
    made: Encoded | PartlyEncoded = Encoded(text) if is_known(held) else PartlyEncoded(text)
    made.value = held
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Unresolved):
        return value.symbol
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def read_json(text: Any) -> Any:
    """The value of a JSON text."""
    if isinstance(text, Unresolved):
        return symbol(f"jsondecode({bare(text.symbol)})", text.why, text.where)
    if isinstance(text, Encoded | PartlyEncoded):
        return text.value
    return located(_limited(json.loads(text)), "", 0)


def _limited(value: Any) -> Any:
    if comes_to_much(value):
        raise ValueError
    return value


def _read_yaml(text: Any) -> Any:
    if isinstance(text, Unresolved):
        return symbol(f"yamldecode({bare(text.symbol)})", text.why, text.where)
    if isinstance(text, Encoded | PartlyEncoded):
        return text.value
    try:
        return load_yaml(text, "").value
    except Unreadable as error:
        raise ValueError from error


def _digest(kind: str, encode: Callable[[bytes], str]) -> Callable[[Any], Any]:
    def digest(text: Any) -> Any:
        if isinstance(text, Unresolved):
            return symbol(f"{kind}({bare(text.symbol)})", text.why, text.where)
        return encode(hashlib.new(kind, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest())

    return digest


def _hex(value: bytes) -> str:
    return value.hex()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _known(how: Callable[[str], str]) -> Callable[[Any], Any]:
    def encoded(text: Any) -> Any:
        if isinstance(text, Unresolved):
            return symbol(f"encoded({bare(text.symbol)})", text.why, text.where)
        return how(text)

    return encoded


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


ENCODINGS: Mapping[str, Callable[..., Any]] = {
    "base64decode": _known(_decoded),
    "base64encode": _known(lambda text: _base64(text.encode("utf-8", "surrogatepass"))),
    "base64gzip": _known(lambda text: _base64(text.encode("utf-8", "surrogatepass"))),
    "base64sha256": _digest("sha256", _base64),
    "base64sha512": _digest("sha512", _base64),
    "jsondecode": read_json,
    "jsonencode": json_text,
    "md5": _digest("md5", _hex),
    "sha1": _digest("sha1", _hex),
    "sha256": _digest("sha256", _hex),
    "sha512": _digest("sha512", _hex),
    "urlencode": _known(lambda text: quote(text, safe="")),
    "yamldecode": _read_yaml,
    "yamlencode": json_text,
}
