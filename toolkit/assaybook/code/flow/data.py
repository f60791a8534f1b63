"""Parts of values: items, members, elements, and what ordinary methods of texts, lists and records do with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..knowledge.terms import EVENT, REGEX, REQUEST, SECRET, XSS
from ..secrets import is_secret_name
from .lookup import Lookup
from .objects import Arguments
from .taint import Taint, merge_taints
from .values import (
    CLEAN,
    FIXED,
    LOOSE,
    MOST_FIELDS,
    UNSET,
    Value,
    changed,
    constant,
    doubtful,
    is_tainted,
    join,
    of_taints,
    pieces_of,
    text_of,
)

LONGEST_PATH = 9
# Under these names a compiled regular expression holds its text.
PATTERN, FLAGS = "regular-expression", "regular-expression flags"
_ALL_BUT_PLAIN = re.compile(r"\[\^(?:[\w\s@:+,.-]|\\[wds.\-])*\][+*]?")
ENVIRONMENT = "environment"
# What is told with a secret and is none.
_BESIDE_SECRETS = frozenset(
    (
        "ARN",
        "Arn",
        "Name",
        "name",
        "Version",
        "VersionId",
        "VersionStages",
        "CreatedDate",
        "ResponseMetadata",
        "Type",
        "LastModifiedDate",
        "AssumedRoleUser",
        "Expiration",
        "AccessKeyId",
        "host",
        "hostname",
        "port",
        "username",
        "user",
        "dbname",
        "database",
        "engine",
        "dbInstanceIdentifier",
        "dbClusterIdentifier",
        "db",
        "region",
        "endpoint",
        "url",
        "client_id",
        "clientId",
    )
)
_ALL_OF_EXPRESSIONS = frozenset(".*+?^${}()|[]\\")
_MARKUP = frozenset("<>&")
_ESCAPED_AS = ("\\$&", "\\\\$&")
_QUOTES = frozenset("'\"`\\;<>&|$.-/%\n\r\0")


def key_of(value: Value) -> str | None:
    """A constant key as records keep it; None if it is not known."""
    known = value.constant
    return str(known) if isinstance(known, str | int) and not isinstance(known, bool) else None


def extended(taint: Taint, part: str, lookup: Lookup) -> Taint | None:
    """Data of which a part is taken; None if nobody outside chooses that part."""
    if taint.kind == SECRET:
        if taint.path != ENVIRONMENT:
            return None if part in _BESIDE_SECRETS else taint
        return replace(taint, path=f"{ENVIRONMENT}.{part}") if part != "[]" and is_secret_name(part) else None
    if taint.path.count(".") + taint.path.count("[") >= LONGEST_PATH:
        return taint
    path = taint.path + part if part == "[]" else f"{taint.path}.{part}"
    if taint.kind in (EVENT, REQUEST):
        if lookup.is_clean_path(path):
            return None
        if lookup.is_text_path(path):
            return replace(taint, path=path, text=True, built=False)
    return replace(taint, path=path, built=False)


def part_of(value: Value, key: str | None, lookup: Lookup) -> Value:
    """What lies under a key of a record or list; under one that is not known, anything that lies in it."""
    found: list[Value] = []
    known = value.fields.get(key) if value.fields and key is not None else None
    part = "[]" if key is None or key.isdigit() else key
    taints = tuple(taken for each in value.taints if (taken := extended(each, part, lookup))) if known is None else ()
    if taints:
        found.append(Value(taints=taints))
    if known is not None:
        found.append(known)
    elif value.fields and key is None:
        found.extend(value.fields[name] for name in list(value.fields)[:MOST_FIELDS])
    if value.items is not None:
        index = int(key) if key is not None and key.lstrip("-").isdigit() else None
        if index is not None and -len(value.items) <= index < len(value.items):
            found.append(value.items[index])
        else:
            found.extend(value.items)
    if value.element is not None and (known is None or not value.fields):
        found.append(value.element)
    return join(*found)


def element_of(value: Value, lookup: Lookup, language: str) -> Value:
    """What a loop over a value gets."""
    found: list[Value] = []
    taints = tuple(part for each in value.taints if (part := extended(each, "[]", lookup)))
    if taints:
        found.append(Value(taints=taints))
    if value.items:
        found.extend(value.items)
    if value.element is not None:
        found.append(value.element)
    elif value.fields and not value.items and language != "python":
        found.extend(value.fields.values())
    return join(*found)


def with_part(value: Value, key: str | None, part: Value) -> Value:
    """A record or list in which something was put under a key."""
    if key is None:
        return value.but(element=part if value.element is None else join(value.element, part), constant=UNSET)
    if value.items is not None and key.isdigit() and int(key) < len(value.items):
        items = tuple(part if index == int(key) else each for index, each in enumerate(value.items))
        return value.but(items=items)
    fields = dict(value.fields or {})
    if len(fields) >= MOST_FIELDS and key not in fields:
        return with_part(value, None, part)
    fields[key] = part
    return value.but(fields=fields, constant=UNSET)


def keys_of(value: Value, lookup: Lookup) -> Value:
    """The keys of a record: constant ones are nobody's data."""
    taints = tuple(part for each in value.taints if (part := extended(each, "[]", lookup)))
    return Value(taints=tuple(replace(each, text=True) for each in taints))


def values_of(value: Value, lookup: Lookup) -> Value:
    """Any value of a record."""
    return part_of(value, None, lookup)


def formatted(template: str, pattern: re.Pattern[str], arguments: Callable[[str], Value]) -> Value:
    """A text with values put where the pattern matches; `arguments` gives the value for a match."""
    found: list[Value] = []
    position = 0
    for match in pattern.finditer(template):
        if match.start() > position:
            found.append(constant(template[position : match.start()]))
        found.append(arguments(match[0]))
        position = match.end()
    if position < len(template):
        found.append(constant(template[position:]))
    return text_of(found) if found else constant("")


_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_PERCENT = re.compile(r"%%|%(?:\(\w+\))?[#0\- +]*(?:\d+|\*)?(?:\.\d+)?[a-zA-Z]")


def format_braces(template: Value, arguments: Arguments, lookup: Lookup) -> Value:
    """`"{} {name}".format(...)`."""
    text = template.constant
    if not isinstance(text, str):
        return passed(template, *arguments.all())
    count = iter(range(1000))

    def argument(match: str) -> Value:
        if match in ("{{", "}}"):
            return constant(match[0])
        name = re.split(r"[.\[!:]", match[1:-1], maxsplit=1)[0]
        found: Value | None
        if not name:
            found = arguments.at(next(count))
        elif name.isdigit():
            found = arguments.at(int(name))
        else:
            found = arguments.keywords.get(name)
            if found is None and arguments.rest_keywords is not None:
                found = part_of(arguments.rest_keywords, name, lookup)
        return CLEAN if found is None else found

    return formatted(text, _BRACES, argument)


def format_percent(template: Value, right: Value, lookup: Lookup) -> Value:
    """`"%s %(name)s" % ...`."""
    text = template.constant
    if not isinstance(text, str):
        return text_of((template, right))
    count = iter(range(1000))

    def argument(match: str) -> Value:
        if match == "%%":
            return constant("%")
        if match[-1] in "dioxXeEfFgGc":
            return CLEAN  # not a number: it raises
        if match.startswith("%("):
            return part_of(right, match[2 : match.index(")")], lookup)
        index = next(count)
        if right.items is not None:
            return right.items[index] if index < len(right.items) else CLEAN
        return right

    return formatted(text, _PERCENT, argument)


def joined(separator: Value, values: Value, lookup: Lookup, language: str) -> Value:
    """`separator.join(values)`."""
    if values.items is not None and values.element is None and not values.taints:
        found: list[Value] = []
        for index, each in enumerate(values.items):
            found.extend((separator, each) if index else (each,))
        return text_of(found) if found else constant("")
    element = element_of(values, lookup, language)
    if values.fields and not values.items and language == "python":
        element = join(element, keys_of(values, lookup))
    return text_of((element, separator)) if is_tainted(element) else Value(pieces=(FIXED,))


def passed(*values: Value) -> Value:
    """What is as untrusted as these values, and nothing else is known of it."""
    taints = merge_taints(*(of_taints(each) for each in values))
    return Value(taints=taints) if taints else CLEAN


def replaced(value: Value, arguments: Arguments) -> Value:
    """`text.replace(...)`: what takes out special characters may have made it harmless."""
    first, second = arguments.at(0), arguments.at(1)
    result = passed(value, *((second,) if second is not None else ()))
    if first is None:
        return result
    written = first.fields.get(PATTERN) if first.fields else None
    if written is not None and isinstance(written.constant, str):
        return _replaced_by_pattern(first, written.constant, result, second)
    special = first.constant is UNSET or (isinstance(first.constant, str) and bool(_QUOTES & set(first.constant)))
    return doubtful(result, "characters are replaced in it") if special else result


def _escapes(second: Value) -> bool:
    return isinstance(second.constant, str) and second.constant.startswith(("&lt", "&#60", "&#x3c", "&#x3C"))


def substituted(pattern: Value | None, second: Value | None, text: Value) -> Value:
    """`re.sub(pattern, second, text)`, which replaces everywhere."""
    result = passed(text, *((second,) if second is not None else ()))
    written = None if pattern is None else (pattern.fields or {}).get(PATTERN, pattern).constant
    if not isinstance(written, str):
        return doubtful(result, "characters are replaced in it")
    return _replaced_by_pattern(Value(fields={FLAGS: constant("g")}), written, result, second)


def _replaced_by_pattern(expression: Value, pattern: str, result: Value, second: Value | None) -> Value:
    """`text.replace(/.../g, ...)`: what leaves only harmless signs makes it harmless, what takes out plain ones changes nothing."""
    flags = (expression.fields or {}).get(FLAGS)
    everywhere = flags is not None and isinstance(flags.constant, str) and "g" in flags.constant
    if everywhere and _ALL_BUT_PLAIN.fullmatch(pattern) and (second is None or not is_tainted(second)):
        return Value(pieces=(FIXED,))
    if everywhere and set(pattern) >= _ALL_OF_EXPRESSIONS and second is not None and second.constant in _ESCAPED_AS:
        # Source: MDN, "Regular expressions", "Escaping".
        return changed(result, lambda each: replace(each, cleaned=each.cleaned | {REGEX}))
    if everywhere and "<" in pattern and second is not None and (_escapes(second) or set(pattern) >= _MARKUP):
        # `text.replace(/</g, "&lt;")`, or a class of signs with a table of what stands for each.
        result = changed(result, lambda each: replace(each, cleaned=each.cleaned | {XSS}))
    special = bool(_QUOTES & set(re.sub(r"\\(.)", r"\1", pattern)))
    return doubtful(result, "characters are replaced in it") if special else result


def text_only(value: Value) -> Value:
    """A value turned into a text."""
    result = text_of((value,)) if value.constant is not UNSET else passed(value).but(pieces=pieces_of(value))
    return changed(result, lambda each: replace(each, text=True))


def has_loose_text(value: Value) -> bool:
    """Whether untrusted data is a part of a text."""
    return value.pieces is not None and LOOSE in value.pieces
