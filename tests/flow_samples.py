"""Programs for tests, put together of texts, and their flows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from assaybook.code.flow import flows
from assaybook.code.package import Entry, Package, Program, Reading
from assaybook.code.program import read_program


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def package_of(
    files: Mapping[str, str | bytes], *handlers: str | Entry, kind: str = "folder", located: str = ""
) -> Package:
    readers = {
        path: (lambda content=content: content.encode() if isinstance(content, str) else content)
        for path, content in sorted(files.items())
    }
    entries = tuple(each if isinstance(each, Entry) else Entry("arn:function", each) for each in handlers)
    return Package("sample", kind, readers, "0" * 64, entries, located=located)


def program_of(
    files: Mapping[str, str | bytes], *handlers: str | Entry, kind: str = "folder", located: str = ""
) -> Program:
    return read_program(package_of(files, *handlers, kind=kind, located=located))


def flows_of(
    files: Mapping[str, str | bytes], *handlers: str | Entry, code_lines: bool = True, located: str = ""
) -> Mapping[str, Any]:
    return flows(program_of(files, *handlers, located=located), Reading(fingerprint, code_lines))
