"""What the lines of a template say by where they stand: parameters and their defaults, outputs, pairs of a name and a value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..secrets import is_secret_name
from .literals import Literal

_KEY = re.compile(r"^(?P<indent>\s*)(?P<dash>-\s+)?[\"']?(?P<key>[A-Za-z_][\w.:-]*)[\"']?\s*:\s*(?P<value>.*?),?\s*$")
_HCL_BLOCK = re.compile(r"^\s*variable\s+\"(?P<name>[\w-]+)\"\s*\{")
_HCL_DEFAULT = re.compile(r"^\s*default\s*=\s*\"(?P<value>[^\"\n]*)\"")
_HCL_NAME = re.compile(r"^(?P<indent>\s*)name\s*=\s*\"(?P<value>[^\"\n]+)\"")
_HCL_VALUE = re.compile(r"^(?P<indent>\s*)(?:value|insecure_value)\s*=\s*\"(?P<value>[^\"\n]*)\"")
_SHOWN = re.compile(
    r"!Ref\s+(?P<ref>\w+)|[\"']?Ref[\"']?\s*:\s*[\"']?(?P<ref2>\w+)|\{\{resolve:(?P<vault>secretsmanager|ssm-secure):"
)
_VALUE_KEYS = frozenset({"value", "default", "defaultvalue", "stringvalue", "parametervalue"})
_NAME_KEYS = frozenset({"name", "key", "parameterkey", "variable"})


def defaults(lines: tuple[str, ...]) -> Iterator[Literal]:
    """The values of `Default`, `value` and the like, called as the parameter, entry or `name:` that they belong to."""
    path: list[tuple[int, str]] = []
    named: dict[int, str] = {}
    variable = called = margin = ""
    for number, line in enumerate(lines, 1):
        block = _HCL_BLOCK.match(line)
        if block:
            variable = block["name"]
        hcl = _HCL_DEFAULT.match(line)
        if hcl and variable:
            yield Literal(number, *hcl.span("value"), variable, hcl["value"], "default")
        if line.startswith(("}", "resource")):
            called = ""
        name_line, value_line = _HCL_NAME.match(line), _HCL_VALUE.match(line)
        if name_line:
            called, margin = name_line["value"].rpartition("/")[2], name_line["indent"]
        # Of one block only where they stand at one depth.
        if value_line and called and value_line["indent"] == margin:
            yield Literal(number, *value_line.span("value"), called, value_line["value"], "default")
        match = _KEY.match(line) if len(line) < 2000 else None
        if not match:
            continue
        depth = len(match["indent"]) + len(match["dash"] or "")
        while path and path[-1][0] >= depth:
            path.pop()
        if match["dash"] or (path and path[-1][0] < depth and depth not in named):
            named.pop(depth, None)
        key, value = match["key"], match["value"].strip()
        bare = value.strip("\"'")
        if key.lower() in _NAME_KEYS and bare:
            named[depth] = bare
        elif key.lower() in _VALUE_KEYS and bare and not value.startswith(("!", "{", "[", "|", ">", "&", "*", "$")):
            name = named.get(depth, "") or (path[-1][1] if path else "")
            start = line.rfind(bare)
            if name and start >= 0:
                yield Literal(number, start, start + len(bare), name, bare, "default")
        for other in [each for each in named if each > depth]:
            del named[other]
        path.append((depth, key))


def shown(lines: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Secrets that a stack shows to everyone who may describe it: (line, name, kind).

    `output` is an output that hands out a parameter called like a secret, or one that the template takes from a vault; `parameter` a text parameter that
    is called like a secret and has no NoEcho. Source: AWS CloudFormation User Guide, "Security best practices", "Do not embed credentials in your templates".
    """
    section = ""
    parameter, at, hidden, typed, inner = "", 0, False, False, 0
    for number, line in (*enumerate(lines, 1), (0, "End:")):
        match = _KEY.match(line) if len(line) < 2000 else None
        top = match and not match["indent"]
        if parameter and match and (top or (section == "Parameters" and _indent(match) <= inner)):
            if typed and not hidden:
                yield at, parameter, "parameter"
            parameter = ""
        if match and top:
            section = match["key"]
        elif match and section == "Parameters":
            if not parameter and not match["value"] and is_secret_name(match["key"]):
                parameter, at, hidden, typed, inner = match["key"], number, False, False, _indent(match)
            elif parameter and match["key"] == "NoEcho":
                hidden = "true" in match["value"].lower()
            elif parameter and match["key"] == "Type":
                typed = match["value"].strip("\"'") == "String"
        elif section == "Outputs":
            found = _SHOWN.search(line)
            if found and (found["vault"] or is_secret_name(found["ref"] or found["ref2"] or "")):
                yield number, found["ref"] or found["ref2"] or found["vault"], "output"


def _indent(match: re.Match[str]) -> int:
    return len(match["indent"])
