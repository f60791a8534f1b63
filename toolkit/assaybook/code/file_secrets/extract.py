"""The extractor of secrets: every file of a package, each by what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..package import Program, Reading
from ..secret_formats import FORMATS
from ..secrets import Detected, detect, formatted
from . import forms
from .hints import FORMAT_WORDS, NAME_WORDS, lines_with
from .literals import LONGEST_LINE, Literal, literals
from .plausible import LIKELY, SURE, is_random, judged
from .templates import defaults, shown

LONGEST_CODE = 200
MASK = "••••"
# What says by its words only that a secret follows is judged as a named literal; an address that was signed for a while is no secret of whoever wrote the file.
_LEFT_OUT = frozenset({"password-literal", "presigned-url", "private-key"})
_ALL_BUT_PRIVATE_KEYS = frozenset(each.kind for each in FORMATS) - {"private-key"}
# In lock files digests look like these; in bundles of a line of a megabyte anything may.
_LIKE_DIGESTS = frozenset({"openai-key", "mailgun-key", "mailchimp-key", "jwt"})
_UNMISTAKABLE = frozenset(
    {"aws-access-key-id", "github-token", "stripe-key", "slack-webhook", "google-api-key", "npm-token"}
)
LONGEST_SEARCHED = 1_000_000
SHORTEST_PRIVATE_KEY = 120
_TEMPLATE = re.compile(r"AWSTemplateFormatVersion|Type[\"']?\s*:\s*[\"']?AWS::|^\s*variable\s+\"", re.MULTILINE)
_PLACEHOLDERS = re.compile(
    r"^(?:password|passwd|pass|pwd|pw|secret|token|user(?:name)?|\*+|x+|\.+|changeme|example|<.*>|\$.*|\{.*\}|%.*)$",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"@(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|example\.(?:com|org|net))\b")
_JWT_SAMPLE = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI"


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    start: int
    end: int
    name: str
    kind: str
    value: str
    certain: bool
    placeholder: bool = False


def secrets(program: Program, reading: Reading) -> Mapping[str, Any]:
    """The answer of `code:Secrets`: for each secret the file, line, name, kind, length, keyed fingerprint and, masked, the line; never the value."""
    package = program.package
    found: list[dict[str, Any]] = []
    searched = 0
    skipped: list[dict[str, str]] = []
    for path, read in package.files.items():
        form = forms.form_of(path)
        if form == forms.NONE or _vendored(path):
            continue
        if form == forms.STORE:
            found.append(_stored(path))
            continue
        data = read()
        if len(data) > forms.LARGEST:
            skipped.append({"file": path, "why": f"larger than {forms.LARGEST // 1_000_000} MB"})
            continue
        if b"\0" in data[:8000]:
            continue
        searched += 1
        text = data.decode("utf-8", "replace")
        lines = tuple(text.split("\n"))
        found += (_document(path, each, lines, reading) for each in _in_text(text, lines, form, forms.is_test(path)))
    found.sort(key=lambda each: (each["file"], each["line"], each["name"], each["kind"]))
    workloads = sorted({each.workload for each in package.entries} - {""})
    return {
        "located": package.located,
        "workloads": workloads,
        "searched": searched,
        "skipped": skipped,
        "secrets": found,
    }


def _vendored(path: str) -> bool:
    parts = path.split("/")
    return (
        "node_modules" in parts
        or "site-packages" in parts
        or any(each.endswith((".dist-info", ".egg-info")) for each in parts)
    )


def _stored(path: str) -> dict[str, Any]:
    return {
        "file": path,
        "line": 0,
        "name": path.rpartition("/")[2],
        "kind": "key-store",
        "length": 0,
        "fingerprint": "",
        "placeholder": False,
        "certain": False,
        "code": "",
    }


def _document(path: str, found: _Found, lines: tuple[str, ...], reading: Reading) -> dict[str, Any]:
    return {
        "file": path,
        "line": found.line,
        "name": found.name,
        "kind": found.kind,
        "length": len(found.value),
        "fingerprint": reading.fingerprint(found.value) if found.value else "",
        "placeholder": found.placeholder,
        "certain": found.certain,
        "code": _masked(lines, found) if reading.code_lines else "",
    }


def _masked(lines: tuple[str, ...], found: _Found) -> str:
    if not 0 < found.line <= len(lines):
        return ""
    line = lines[found.line - 1]
    if found.value:
        line = line.replace(found.value, MASK) if found.value in line else line[: found.start] + MASK
    for each in reversed(detect(line)):
        line = line[: each.start] + MASK + line[each.end :]
    return line.strip()[:LONGEST_CODE]


def _in_text(text: str, lines: tuple[str, ...], form: str, test: bool) -> Iterator[_Found]:
    taken: list[tuple[int, int, int]] = []
    for each in _formatted(text, lines, form):
        taken.append((each.line, each.start, each.end))
        yield each
    if form in (forms.LOCK, forms.PROSE):
        return
    template = form in (forms.YAML, forms.JSON, forms.HCL) and bool(_TEMPLATE.search(text))
    if form == forms.JSON:
        # What stands in JSON as a text of code has its quotes escaped; the columns stay.
        lines = tuple(each.replace('\\"', ' "') for each in lines)
    named = [
        *literals(lines, lines_with(text, NAME_WORDS), form),
        *(defaults(lines) if form in (forms.YAML, forms.JSON, forms.HCL) else ()),
    ]
    for literal in sorted(named, key=lambda one: (one.line, one.start, one.how)):
        if any(line == literal.line and start < literal.end and literal.start < end for line, start, end in taken):
            continue
        for judgement in _named(literal, form, test):
            taken.append((literal.line, literal.start, literal.end))
            yield judgement
    if template and form != forms.HCL:
        for number, name, kind in shown(lines):
            yield _Found(number, 0, 0, name, f"shown-{kind}", "", kind == "output")


def _named(literal: Literal, form: str, test: bool) -> Iterator[_Found]:
    inside = (
        [each for each in detect(literal.value) if each.kind == "password-literal"] if len(literal.value) > 12 else []
    )
    for each in inside:
        value = literal.value[each.start : each.end]
        sure, _ = judged(value, "password", "assigned")
        if sure and "=" in literal.value[max(0, each.start - 3) : each.start] and not _PLACEHOLDERS.match(value):
            start = literal.start + each.start
            yield _Found(
                literal.line, start, start + len(value), literal.name, "password", value, sure == SURE and not test
            )
            return
    sure, kind = judged(literal.value, literal.name, literal.how)
    if literal.comment and sure == LIKELY:
        return
    if sure and (sure == SURE or literal.how != "compared"):
        # What only its name makes a secret waits for a person in tests and examples, and in comments.
        certain = sure == SURE and not test and not literal.comment
        yield _Found(literal.line, literal.start, literal.end, literal.name, kind, literal.value, certain)


def _formatted(text: str, lines: tuple[str, ...], form: str) -> Iterator[_Found]:
    if "-----BEGIN" in text:
        yield from _private_keys(text)
    for number in lines_with(text, FORMAT_WORDS):
        line = lines[number - 1]
        for each in formatted(line[:LONGEST_SEARCHED], but=_LEFT_OUT):
            value = line[each.start : each.end]
            if form == forms.LOCK and each.kind in _LIKE_DIGESTS:
                continue
            if len(line) > LONGEST_LINE and each.kind not in _UNMISTAKABLE:
                continue
            if not _spared(each, value, line):
                name = _name_before(line, each.start)
                kind = "aws-temporary-key-id" if value.startswith("ASIA") else each.kind
                yield _Found(number, each.start, each.end, name, kind, value, _sure(each, line))


def _private_keys(text: str) -> Iterator[_Found]:
    for each in formatted(text, but=_ALL_BUT_PRIVATE_KEYS):
        value = text[each.start : each.end]
        # What is quoted in part, to be recognised or as an example, opens nothing.
        if len(value) < SHORTEST_PRIVATE_KEY or "..." in value or each.placeholder:
            continue
        line = text.count("\n", 0, each.start) + 1
        column = each.start - (text.rfind("\n", 0, each.start) + 1)
        yield _Found(
            line,
            column,
            column + len(value),
            _name_before(text[each.start - column : each.start], column),
            each.kind,
            value,
            True,
        )


def _sure(found: Detected, around: str) -> bool:
    # Passwords for a database on the developer's own machine open nothing else.
    return not (found.kind == "connection-string" and _LOCAL.search(around))


def _spared(found: Detected, value: str, around: str) -> bool:
    if found.placeholder:
        return True
    if found.kind == "connection-string":
        secret = re.search(r"://[^\s:/@\"'?#]*:([^\s@/\"']+)@", value if "://" in value else around)
        inner = secret[1] if secret else value
        return bool(_PLACEHOLDERS.match(inner) or re.search(r"[<>${}%*]|\.\.\.|\bpassword\b", inner, re.IGNORECASE))
    if found.kind == "authorization-header":
        return not is_random(value.rpartition(" ")[2])
    if found.kind == "jwt":
        return value.startswith(_JWT_SAMPLE[:60])
    if found.kind in ("openai-key", "notion-token", "supabase-key", "hugging-face-token", "mailgun-key"):
        # Their prefixes also begin ordinary names with hyphens and underscores (`sk-button-primary-large`).
        return not (any(each.isdigit() for each in value) and re.search(r"[A-Za-z0-9]{16,}", value))
    return len(set(value)) < 6


def _name_before(line: str, column: int) -> str:
    match = re.search(r"([A-Za-z_][\w.-]*)[\"'\]]*\s*[:=]+>?\s*[\"'`(]?[^\"'`\s]*$", line[:column])
    return match[1] if match else ""
