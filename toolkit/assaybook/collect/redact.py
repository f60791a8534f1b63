"""Redaction: what an answer may say in clear, decided before anything is written.

Values of environment and stage variables are replaced by a description of themselves; every other text passes the secrets
detector. Fingerprints are HMACs with a key of the engagement that lies outside the seal, so that equal values can be told
to be equal, and none can be guessed from the seal alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import jmespath
from jmespath.exceptions import JMESPathError

from ..capture import OK, UNRESOLVED, Capture
from ..code.secrets import detect, is_harmless, is_placeholder, is_secret_name
from ..plan import Call

# Members whose values people write freely, and where they put what belongs into a vault.
VARIABLES = frozenset(
    {"Variables", "variables", "StageVariables", "stageVariables", "EnvironmentVariables", "environmentVariables"}
)
# Variables whose values are switches of a runtime or a library and say something that checks look at.
SHOWN = frozenset(
    {
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "NODE_ENV",
        "NODE_OPTIONS",
        "PYTHONHTTPSVERIFY",
        "GODEBUG",
        "AWS_LAMBDA_EXEC_WRAPPER",
        "LOG_LEVEL",
        "LOGLEVEL",
        "DEBUG",
        "ENV",
        "ENVIRONMENT",
        "STAGE",
    }
)
LONGEST_SHOWN = 200
VAULT = "secretsmanager:ListSecrets"
SEVERAL_WORDS = re.compile(r"\w[-_/.]\w")
# Kinds of secrets that only the name of a variable tells.
BY_NAME = ("password", "secret")
FINGERPRINT_DIGITS = 32
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
# A reference that CloudFormation replaces by a secret of a vault when it deploys.
VAULT_REFERENCE = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")
# What is said of a secret whose value is not known yet.
OPEN_SECRET: Mapping[str, Any] = {"length": 0, "fingerprint": "", "resource": ""}
# How a parameter is called that says where a secret lies.
ELSEWHERE = re.compile(r"(?:name|arn|id|url|uri|path|param|parameter)\W*$", re.IGNORECASE)
STANDARD_BASE64 = str.maketrans("-_", "+/")
NAMED_TAG = (
    ("Key", "Value"),
    ("key", "value"),
    ("TagKey", "TagValue"),
    ("Name", "Value"),
    ("ParameterName", "ParameterValue"),
)


class Redactor:
    """Redacts answers with the engagement's key, and counts what it replaced."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def fingerprint(self, text: str) -> str:
        """What stands for a value: an HMAC-SHA-256 with the engagement's key, cut to 128 bits."""
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
            :FINGERPRINT_DIGITS
        ]

    def answer(self, value: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """An answer that may be kept, and how many values were replaced in it."""
        work = _Redaction(self)
        return work.members(value), work.count

    def text(self, text: str) -> str:
        """A single text (a message, a parameter) with the secrets in it replaced."""
        return _Redaction(self).leaf(text, "", named=False)

    def undescribed(self, mark: Mapping[str, Any], name: str) -> dict[str, Any]:
        """A variable whose value a template leaves open: whatever it will be, under the name of a secret it is one, but for the name of where one lies."""
        if is_secret_name(name) and not ELSEWHERE.search(str(mark[UNRESOLVED])):
            return {"redacted": True, "secret": "secret", "placeholder": False, **OPEN_SECRET}
        open_members = ("secret", "placeholder", "length", "fingerprint", "resource", "clear")
        return {"redacted": True, **dict.fromkeys(open_members, mark)}

    def described(self, text: str, name: str) -> dict[str, Any]:
        """A variable's value, described: its length, whether it is a secret, its fingerprint; in clear only if it is harmless."""
        if VAULT_REFERENCE.search(text):
            # What is deployed holds the value itself, in clear. Source: AWS CloudFormation User Guide, "Get values stored in other services using dynamic references".
            return {"redacted": True, "secret": "secret", "placeholder": False, **OPEN_SECRET}
        found = detect(text, name, named=True) or detect(unquote(text)) or detect(_from_base64(text.strip()))
        made: dict[str, Any] = {
            "redacted": True,
            "length": len(text),
            "secret": found[0].kind if found else "",
            "placeholder": is_placeholder(text) or any(each.placeholder for each in found),
            "fingerprint": self.fingerprint(text),
            "resource": "",
        }
        shown = name.upper() in SHOWN and len(text) <= LONGEST_SHOWN
        if not found and (shown or is_harmless(text)) and self.text(text) == text:
            made["clear"] = text
        return made


class _Redaction:
    """One walk over one answer."""

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self.count = 0

    def members(self, value: Mapping[str, Any]) -> dict[str, Any]:
        tag = _tag_of(value)
        made: dict[str, Any] = {}
        for name, each in value.items():
            shown = self.leaf(name, "", named=False)
            if name in VARIABLES and isinstance(each, Mapping):
                made[shown] = self._variables(each)
            elif name in VARIABLES and isinstance(each, (list, tuple)):
                made[shown] = [self._listed_variable(one) for one in each]
            elif tag and name == tag[1] and isinstance(each, str):
                made[shown] = self.leaf(each, tag[0], named=True)
            else:
                made[shown] = self.value(each, name)
        return made

    def value(self, value: Any, name: str) -> Any:
        if isinstance(value, str):
            return self.leaf(value, name, named=False)
        if isinstance(value, Mapping):
            return self.members(value)
        if isinstance(value, (list, tuple)):
            return [self.value(each, name) for each in value]
        return value

    def _listed_variable(self, variable: Any) -> Any:
        """A variable as CodeBuild lists them, with its name and its value side by side."""
        if not isinstance(variable, Mapping) or not isinstance(variable.get("value"), str):
            return self.value(variable, "")
        rest = self.members({name: each for name, each in variable.items() if name != "value"})
        described = self.redactor.described(variable["value"], str(variable.get("name", "")))
        self.count += "clear" not in described
        return {**rest, "value": described}

    def leaf(self, text: str, name: str, *, named: bool) -> str:
        """The text without the secrets in it, also where they are written percent-encoded, in Base64, or with the escapes of JSON."""
        if "%" in text and detect(unquote(text), name, named=named):
            text = unquote(text)
        parts: list[str] = []
        end = 0
        for each in detect(text, name, named=named):
            parts += [text[end : each.start], self._mark(each.kind, text[each.start : each.end])]
            end = each.end
        kept = BASE64.sub(self._packed, "".join([*parts, text[end:]]))
        return self._json(kept) if "\\" in kept and kept.lstrip()[:1] in ("{", "[") else kept

    def _packed(self, found: re.Match[str]) -> str:
        packed = detect(_from_base64(found[0]))
        return self._mark(packed[0].kind, found[0]) if packed else found[0]

    def _mark(self, kind: str, secret: str) -> str:
        self.count += 1
        digits = self.redactor.fingerprint(secret)[:12]
        return f"[redacted {kind} length {len(secret)} fingerprint {digits}]"

    def _json(self, text: str) -> str:
        """A text of JSON whose escapes hide nothing; as it is if they hid nothing."""
        before = self.count
        try:
            redacted = self.value(json.loads(text), "")
        except (ValueError, RecursionError):
            self.count = before
            return text
        return json.dumps(redacted) if self.count > before else text

    def _variables(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in variables.items():
            if isinstance(value, Mapping) and UNRESOLVED in value:
                made[self.leaf(name, "", named=False)] = self.redactor.undescribed(self.members(value), name)
                continue
            described = self.redactor.described(value if isinstance(value, str) else str(value), name)
            self.count += "clear" not in described
            made[self.leaf(name, "", named=False)] = described
        return made


def _from_base64(text: str) -> str:
    """The text that stands in Base64; empty if none does."""
    try:
        return b64decode(text.translate(STANDARD_BASE64) + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return ""


def _tag_of(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """The name in a tag-like pair, and the member that holds its value."""
    for key, held in NAMED_TAG:
        if isinstance(value.get(key), str) and isinstance(value.get(held), str):
            return value[key], held
    return None


def names_in_clear(capture: Capture) -> bool:
    """Whether nothing but values of variables was replaced in a capture; no further request is made of those."""
    return capture.redactions == _described(capture.answer)


def _described(value: Any) -> int:
    """How many values of variables are described, and not shown."""
    if isinstance(value, Mapping):
        if value.get("redacted") is True:
            return "clear" not in value
        return sum(map(_described, value.values()))
    return sum(map(_described, value)) if isinstance(value, list) else 0


def unveiled(captures: Sequence[Capture], calls: Iterable[Call], redactor: Redactor) -> tuple[Capture, ...]:
    """The captures with the name of a collected resource written beside each value that equals it.

    A value that is a secret stays veiled even if something bears its name, but for the name of a secret that a vault keeps: under the name of a
    secret, that is where the secret lies. A single word may be a weak password as well, so that it stays veiled too.
    """
    by_key = {call.key: call for call in calls}
    vaulted = {redactor.fingerprint(name) for name in _vaulted(captures)}
    names = {redactor.fingerprint(name): name for name in sorted(_resource_names(captures, by_key))}
    return tuple(
        replace(each, answer=_unveil(each.answer, names, vaulted)) if each.state == OK and each.redactions else each
        for each in captures
    )


def _vaulted(captures: Sequence[Capture]) -> Iterator[str]:
    for capture in captures:
        if capture.call == VAULT and capture.state == OK:
            for record in capture.answer.get("SecretList", ()):
                name = record.get("Name") if isinstance(record, Mapping) else None
                if isinstance(name, str) and SEVERAL_WORDS.search(name):
                    yield name


def _resource_names(captures: Sequence[Capture], calls: Mapping[str, Call]) -> Iterator[str]:
    for capture in captures:
        call = calls.get(capture.call)
        if call is None or not call.items or capture.state != OK:
            continue
        try:
            records = jmespath.search(call.items, capture.answer)
        except JMESPathError:
            continue
        for record in records if isinstance(records, list) else ():
            yield from _names(record)


def _names(record: Any) -> Iterator[str]:
    if isinstance(record, str):
        yield record.rpartition("/")[2] if "://" in record else record
    elif isinstance(record, Mapping):
        for member, value in record.items():
            lower = member.lower()
            if isinstance(value, str) and len(value) >= 3:
                if lower.endswith("name"):
                    yield value
                elif lower.endswith("arn"):
                    yield value
                    yield value.rpartition(":")[2].rpartition("/")[2]


def _unveil(value: Any, names: Mapping[str, str], vaulted: set[str]) -> Any:
    if isinstance(value, Mapping):
        mark = str(value.get("fingerprint")) if value.get("redacted") is True and "clear" not in value else ""
        kind = value.get("secret")
        if mark in names and (not kind or (kind in BY_NAME and mark in vaulted)):
            return {**value, "resource": names[mark]}
        return {name: _unveil(each, names, vaulted) for name, each in value.items()}
    if isinstance(value, list):
        return [_unveil(each, names, vaulted) for each in value]
    return value
