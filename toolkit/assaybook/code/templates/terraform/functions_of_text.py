"""Functions on texts, numbers, addresses and paths."""

from __future__ import annotations

import ipaddress
import math
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..located import Series
from ..resources import Unresolved
from ..values import LONGEST, Partly, is_known, joined, text_of

_VERB = re.compile(r"%(?:\[(\d+)\])?([-+# 0]*\d*(?:\.\d+)?)([vsdqfgtxXbe%])")


def _filled(form: str, given: tuple[Any, ...]) -> Any:
    parts: list[Any] = []
    at, following = 0, 0
    for found in _VERB.finditer(form):
        parts.append(form[at : found.start()])
        at = found.end()
        if found.group(3) == "%":
            parts.append("%")
            continue
        index = int(found.group(1)) - 1 if found.group(1) else following
        following = index + 1
        parts.append(_written(given[index], found.group(2), found.group(3)))
    parts.append(form[at:])
    return joined(parts)


def _written(value: Any, flags: str, verb: str) -> Any:
    if len(flags) > 4:
        raise ValueError
    if verb == "q":
        return joined(['"', value, '"'])
    if verb in "dxXbefg" and isinstance(value, int | float) and not isinstance(value, bool):
        whole = int(value) if verb in "dxXb" else value
        return f"%{flags}{verb}" % whole if verb != "b" else f"{whole:b}"
    if flags.lstrip("-").isdigit() and is_known(value):
        width = min(int(flags.lstrip("-")), 1000)
        return text_of(value).ljust(width) if flags.startswith("-") else text_of(value).rjust(width)
    return text_of(value)


def _format(form: str, *given: Any) -> Any:
    return _filled(form, given)


def _formatlist(form: str, *given: Any) -> Series:
    lists = [each for each in given if isinstance(each, list)]
    made = Series()
    for index in range(min((len(each) for each in lists), default=1)):
        made.add(_filled(form, tuple(each[index] if isinstance(each, list) else each for each in given)))
    return made


def _join(delimiter: str, *lists: Any) -> Any:
    return joined([item for each in lists for item in (each if isinstance(each, list) else [each])], delimiter)


def _split(delimiter: str, text: str) -> Series:
    made = Series()
    for each in text.split(delimiter) if delimiter else list(text):
        made.add(Partly(each) if "${" in each and isinstance(text, Partly) else each)
    return made


def _replace(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return _simple(old[1:-1]).sub(re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new), text[:LONGEST])
    return text.replace(old, new)[:LONGEST]


def _simple(pattern: str) -> re.Pattern[str]:
    """A pattern that is not able to take forever; raises for any other."""
    if len(pattern) > 200 or re.search(r"[*+}]\)?[*+{]|\)[*+{]", pattern):
        raise ValueError
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError from error


def _regex(pattern: str, text: str) -> Any:
    found = _simple(pattern).search(text[:LONGEST])
    if found is None:
        raise ValueError
    if not found.groups():
        return found.group()
    made = Series()
    for each in found.groups():
        made.add(each or "")
    return made


def _regexall(pattern: str, text: str) -> Series:
    made = Series()
    for each in _simple(pattern).finditer(text[:LONGEST]):
        made.add(each.group(1) if each.groups() else each.group())
    return made


def _substr(text: str, start: int, length: int) -> str:
    begin = start if start >= 0 else max(len(text) + start, 0)
    return text[begin:] if length < 0 else text[begin : begin + length]


def _title(text: str) -> str:
    return re.sub(r"(^|\s)(\S)", lambda found: found.group(1) + found.group(2).upper(), text)


def _subnet(prefix: str, bits: int, number: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    length = network.prefixlen + int(bits)
    start = int(network.network_address) + (int(number) << (network.max_prefixlen - length))
    return f"{ipaddress.ip_address(start)}/{length}"


def _subnets(prefix: str, *bits: int) -> Series:
    network = ipaddress.ip_network(prefix, strict=False)
    at, made = int(network.network_address), Series()
    for each in bits:
        length = network.prefixlen + int(each)
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        made.add(f"{ipaddress.ip_address(at)}/{length}")
        at += size
    return made


def _host(prefix: str, number: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    return str(network[int(number)])


def _indent(count: int, text: str) -> str:
    return text.replace("\n", "\n" + " " * min(int(count), 100))[:LONGEST]


def _log(value: float, base: float) -> float:
    return math.log(value, base)


def _path(text: str) -> str:
    return posixpath.normpath(text)


def _timestamp(*given: Any) -> Any:
    return Unresolved("${timestamp()}", "the time is that of the deployment", "")


# Those that put what is not known into a text as its symbol.
FILLING: Mapping[str, Callable[..., Any]] = {"format": _format, "formatlist": _formatlist, "join": _join}
OF_TEXT: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "abspath": _path,
    "basename": lambda text: posixpath.basename(text.rstrip("/")),
    "ceil": lambda value: math.ceil(float(value)),
    "chomp": lambda text: text.rstrip("\r\n"),
    "cidrhost": _host,
    "cidrsubnet": _subnet,
    "cidrsubnets": _subnets,
    "dirname": lambda text: posixpath.dirname(text.rstrip("/")) or ".",
    "endswith": lambda text, end: text.endswith(end),
    "floor": lambda value: math.floor(float(value)),
    "formatdate": _timestamp,
    "indent": _indent,
    "log": _log,
    "lower": lambda text: _kept(text, str.lower),
    "parseint": lambda text, base: int(text, int(base)),
    "pathexpand": _path,
    "pow": lambda value, power: float(value) ** float(power) if abs(float(power)) < 100 else 0,
    "regex": _regex,
    "regexall": _regexall,
    "replace": _replace,
    "signum": lambda value: (value > 0) - (value < 0),
    "split": _split,
    "startswith": lambda text, start: text.startswith(start),
    "strcontains": lambda text, inner: inner in text,
    "strrev": lambda text: text[::-1],
    "substr": _substr,
    "timeadd": _timestamp,
    "timestamp": _timestamp,
    "plantimestamp": _timestamp,
    "title": lambda text: _kept(text, _title),
    "trim": lambda text, letters: text.strip(letters),
    "trimprefix": lambda text, start: text.removeprefix(start),
    "trimspace": lambda text: text.strip(),
    "trimsuffix": lambda text, end: text.removesuffix(end),
    "upper": lambda text: _kept(text, str.upper),
    "uuid": lambda: Unresolved("${uuid()}", "it is another one with each deployment", ""),
}


def _kept(text: str, how: Callable[[str], str]) -> str:
    """A text changed, but for the symbols in it."""
    parts = re.split(r"(\$\{[^{}]*\})", text)
    return "".join(each if index % 2 else how(each) for index, each in enumerate(parts))
