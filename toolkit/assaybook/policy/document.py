"""Reads policy documents into frozen statements; a malformed document is an error that says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import unquote

ALLOW = "Allow"
DENY = "Deny"
_VERSIONS = ("2008-10-17", "2012-10-17")
_PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser", "*")
# moto keeps these arguments of lambda:AddPermission as fields; AWS writes them as conditions.
_LAMBDA_FIELDS = {
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
) | frozenset(_LAMBDA_FIELDS)


class PolicyError(ValueError):
    """A policy document that cannot be read; the message says which part and why."""


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal of a statement: `kind` is AWS, Service, Federated or CanonicalUser, `name` as written."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a Condition block: operator as written, key as written, the values it is compared with."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operator} {self.key} = {', '.join(self.values) or '(no value)'}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `None` for an element that is not there; `()` for one that is there and empty.

    `unknown_elements` names elements that the policy language does not have; they change nothing, but are told.
    `variables` says whether `${...}` is substituted, which versions before 2012-10-17 do not do.
    """

    index: int
    effect: str
    sid: str = ""
    principals: tuple[Principal, ...] | None = None
    not_principals: tuple[Principal, ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    unknown_elements: tuple[str, ...] = ()
    variables: bool = True

    @property
    def label(self) -> str:
        """How a report names the statement: its Sid, else its position counted from 1."""
        return f"statement {self.sid!r}" if self.sid else f"statement {self.index + 1}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document that was read: its statements in their order, and the version it declares."""

    statements: tuple[Statement, ...]
    version: str = "2008-10-17"
    unknown_elements: tuple[str, ...] = ()


def parse_policy(document: str | Mapping[str, Any]) -> Policy:
    """Read a policy document given as JSON text (also percent-encoded, as IAM sends it) or as a mapping.

    Lists may be single values and the list of statements a single statement, as AWS accepts them.
    Raises PolicyError with the element that is wrong. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
    """
    if isinstance(document, str):
        return _parse_text(document)
    return _policy(document)


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> Policy:
    if text.lstrip()[:3].upper() == "%7B":
        text = unquote(text)
    try:
        return _policy(json.loads(text, object_pairs_hook=_unique))
    except json.JSONDecodeError as error:
        _wrong(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _wrong("nested too deep to be a policy")
    except ValueError as error:
        if isinstance(error, PolicyError):
            raise
        _wrong(f"not JSON that can be read: {error}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            _wrong(f"the key {key!r} is there twice")
        found[key] = value
    return found


def _wrong(what: str) -> NoReturn:
    raise PolicyError(what)


def _policy(document: object) -> Policy:
    if not isinstance(document, Mapping):
        _wrong(f"a policy is an object, not {_kind(document)}")
    version = document.get("Version", "2008-10-17")
    if version not in _VERSIONS:
        _wrong(f"Version {version!r} is not one of {', '.join(_VERSIONS)}")
    if "Statement" not in document:
        _wrong("there is no Statement")
    listed = document["Statement"]
    raw = listed if isinstance(listed, list | tuple) else [listed]
    statements = tuple(_statement(one, index, str(version)) for index, one in enumerate(raw))
    unknown = sorted(str(key) for key in document if key not in ("Version", "Id", "Statement"))
    return Policy(statements, str(version), tuple(unknown))


def _statement(raw: object, index: int, version: str) -> Statement:
    where = f"statement {index + 1}"
    if not isinstance(raw, Mapping):
        _wrong(f"{where}: a statement is an object, not {_kind(raw)}")
    effect = raw.get("Effect")
    if effect not in (ALLOW, DENY):
        _wrong(f"{where}: Effect is {effect!r}, neither Allow nor Deny")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if one in raw and other in raw:
            _wrong(f"{where}: both {one} and {other}")
    if "Action" not in raw and "NotAction" not in raw:
        _wrong(f"{where}: neither Action nor NotAction")
    sid = raw.get("Sid", "")
    return Statement(
        index=index,
        effect=str(effect),
        sid=sid if isinstance(sid, str) else _wrong(f"{where}: Sid is {_kind(sid)}, not text"),
        principals=_principals(raw, "Principal", where),
        not_principals=_principals(raw, "NotPrincipal", where),
        actions=_texts(raw, "Action", where),
        not_actions=_texts(raw, "NotAction", where),
        resources=_texts(raw, "Resource", where),
        not_resources=_texts(raw, "NotResource", where),
        conditions=_conditions(raw, where),
        unknown_elements=tuple(sorted(str(key) for key in raw if key not in _ELEMENTS)),
        variables=version == "2012-10-17",
    )


def _texts(raw: Mapping[str, Any], element: str, where: str) -> tuple[str, ...] | None:
    if element not in raw:
        return None
    return _listed(raw[element], f"{where}: {element}")


def _listed(value: object, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else (value,)
    for one in values:
        if not isinstance(one, str):
            _wrong(f"{where} holds {_kind(one)}, not text")
    return tuple(values)


def _principals(raw: Mapping[str, Any], element: str, where: str) -> tuple[Principal, ...] | None:
    if element not in raw:
        return None
    value = raw[element]
    if isinstance(value, str):
        if value != "*":
            _wrong(f"{where}: {element} is {value!r}, neither * nor an object")
        return (Principal("AWS", "*"),)
    if not isinstance(value, Mapping):
        _wrong(f"{where}: {element} is {_kind(value)}, neither * nor an object")
    found: list[Principal] = []
    for kind, names in value.items():
        if kind not in _PRINCIPAL_KINDS:
            _wrong(f"{where}: {element} has the kind {kind!r}, which does not exist")
        names = _account_text(names)
        found += [
            Principal("AWS" if kind == "*" else kind, name) for name in _listed(names, f"{where}: {element} {kind}")
        ]
    return tuple(found)


def _account_text(names: object) -> object:
    """YAML templates turn account ids into numbers and lose their leading zeros; write them out again."""
    if isinstance(names, list | tuple):
        return [_account_text(name) for name in names]
    if isinstance(names, int) and not isinstance(names, bool) and 0 <= names < 10**12:
        return f"{names:012d}"
    return names


def _conditions(raw: Mapping[str, Any], where: str) -> tuple[Condition, ...]:
    block = raw.get("Condition", {})
    if not isinstance(block, Mapping):
        _wrong(f"{where}: Condition is {_kind(block)}, not an object")
    found: list[Condition] = []
    for operator, lines in block.items():
        if not isinstance(lines, Mapping):
            _wrong(f"{where}: Condition {operator} is {_kind(lines)}, not an object")
        found += [
            Condition(str(operator), str(key), _values(value, f"{where}: Condition {operator} {key}"))
            for key, value in lines.items()
        ]
    for element, (operator, key) in _LAMBDA_FIELDS.items():
        if element in raw and not any(one.key.lower() == key.lower() for one in found):
            found.append(Condition(operator, key, _values(raw[element], f"{where}: {element}")))
    return tuple(found)


def _values(value: object, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else (value,)
    return tuple(_scalar(one, where) for one in values)


def _scalar(value: object, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, where)
    return _wrong(f"{where} holds {_kind(value)}, not a single value")


def _number(value: int | float, where: str) -> str:
    try:
        return str(value)
    except ValueError:
        return _wrong(f"{where} holds a number with too many digits")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return "text" if isinstance(value, str) else "a number"
