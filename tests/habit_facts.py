"""The facts of a small program that a test writes down."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from assaybook.code.habits import habits
from assaybook.code.package import Entry, Package, Reading
from assaybook.code.program import read_program

PY, JS, TS = "app.py", "app.js", "app.ts"


def answer(files: Mapping[str, str], *entries: Entry, code_lines: bool = True) -> Mapping[str, Any]:
    """The answer of `code:Habits` for these files."""
    kept = {path: (lambda text=text: dedent(text).encode()) for path, text in sorted(files.items())}
    package = Package("shop", "folder", kept, "0" * 64, entries)
    return habits(read_program(package), Reading(lambda text: "f", code_lines))


def facts(group: str, path: str, text: str) -> list[str]:
    """The facts of one group in one file, as `kind` where they are certain and `kind?` where they are not, in their order."""
    found = [each for each in answer({path: text})["facts"] if each["group"] == group]
    return [each["kind"] + ("" if each["certain"] else "?") for each in found]


def details(group: str, path: str, text: str) -> list[Mapping[str, Any]]:
    """The details of the facts of one group in one file."""
    return [each["details"] for each in answer({path: text})["facts"] if each["group"] == group]
