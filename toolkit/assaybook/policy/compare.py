"""How each condition operator compares one value of the request with one value of the policy.

A comparison gives a boolean, or None when one side cannot be read as the operator needs it.
Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from .match import LITERAL_MARK, LITERAL_STAR, arn_matches, matches

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Compare = Callable[[str, str], "bool | None"]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as it stands in a policy: what it compares by, and the words around it.

    `name` is the plain positive operator in lower case (`stringlike`); `quantifier` is forallvalues,
    foranyvalue or empty; `if_exists` lets a missing key through; `negated` turns a match into a mismatch.
    """

    name: str
    negated: bool
    quantifier: str
    if_exists: bool

    @property
    def family(self) -> str:
        """string, numeric, date, bool, binary, ipaddress, arn or null."""
        return _FAMILIES[self.name]

    @property
    def demands_key(self) -> bool:
        """Whether the operator (not Null) is false for a request without the key."""
        if self.quantifier:
            return self.quantifier == "foranyvalue" and not self.if_exists
        return not self.negated and not self.if_exists

    @property
    def takes_wildcards(self) -> bool:
        """Whether * and ? in its values are wildcards."""
        return self.name in ("stringlike", "arnlike", "arnequals")


_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


@lru_cache(maxsize=1024)
def operator_of(written: str) -> Operator | None:
    """The operator as written in a policy, taken apart; None if there is no such operator. Case does not matter."""
    quantifier, colon, rest = written.lower().rpartition(":")
    if colon and quantifier not in ("forallvalues", "foranyvalue"):
        return None
    name = rest.removesuffix("ifexists")
    positive = _NEGATED.get(name, name)
    if positive not in _COMPARISONS and positive != "null":
        return None
    if positive == "null" and (rest != "null" or quantifier):
        return None
    return Operator(positive, name in _NEGATED, quantifier, rest != name)


def plain(pattern: str) -> str:
    """A substituted policy value as the text it stands for, for operators without wildcards."""
    return pattern.replace(LITERAL_STAR, "*").replace(LITERAL_MARK, "?")


def compare(operator: Operator, found: str, wanted: str) -> bool | None:
    """Whether the request's value `found` matches the policy's value `wanted`, before any negation."""
    return _COMPARISONS[operator.name](found, wanted)


def _equals(found: str, wanted: str) -> bool | None:
    return found == plain(wanted)


def _equals_any_case(found: str, wanted: str) -> bool | None:
    return found.casefold() == plain(wanted).casefold()


def _like(found: str, wanted: str) -> bool | None:
    return matches(wanted, found)


def _arn_like(found: str, wanted: str) -> bool | None:
    return arn_matches(wanted, found)


def _bool(found: str, wanted: str) -> bool | None:
    one, other = found.lower(), wanted.lower()
    return one == other if {one, other} <= {"true", "false"} else None


def _binary(found: str, wanted: str) -> bool | None:
    try:
        return base64.b64decode(found, validate=True) == base64.b64decode(wanted, validate=True)
    except (binascii.Error, ValueError):
        return None


@lru_cache(maxsize=4096)
def network(text: str) -> Network | None:
    """The address or range as a network (bits after the prefix ignored), or None if it is neither."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _in_network(found: str, wanted: str) -> bool | None:
    inner, outer = network(found), network(wanted)
    if inner is None or outer is None:
        return None
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _moment(text: str) -> Decimal | None:
    """Seconds since 1970, from ISO 8601 (UTC where no zone is given) or from the seconds themselves."""
    seconds = _number(text)
    if seconds is not None and not (len(text) == 4 and text.isdigit()):
        return seconds
    padded = text if len(text) > 7 else f"{text}-01-01"[: 10 if len(text) == 4 else len(text) + 3]
    try:
        read = datetime.fromisoformat(padded)
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    try:
        return Decimal(str(aware.timestamp()))
    except (OverflowError, ValueError):
        return None


def _ordered(read: Callable[[str], Decimal | None], relation: str) -> Compare:
    def compare_ordered(found: str, wanted: str) -> bool | None:
        one, other = read(found), read(wanted)
        if one is None or other is None:
            return None
        return _RELATIONS[relation](one, other)

    return compare_ordered


_RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "equals": lambda one, other: one == other,
    "lessthan": lambda one, other: one < other,
    "lessthanequals": lambda one, other: one <= other,
    "greaterthan": lambda one, other: one > other,
    "greaterthanequals": lambda one, other: one >= other,
}

_COMPARISONS: dict[str, Compare] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_any_case,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _bool,
    "binaryequals": _binary,
    "ipaddress": _in_network,
    **{f"numeric{relation}": _ordered(_number, relation) for relation in _RELATIONS},
    **{f"date{relation}": _ordered(_moment, relation) for relation in _RELATIONS},
}
_PREFIXES = ("string", "numeric", "date", "bool", "binary", "ipaddress", "arn", "null")
_FAMILIES = {name: next(prefix for prefix in _PREFIXES if name.startswith(prefix)) for name in [*_COMPARISONS, "null"]}
