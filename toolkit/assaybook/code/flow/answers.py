"""What a way in answers: HTML with untrusted text in it, redirects to where somebody else says, secrets."""

from __future__ import annotations

from .. import ir
from ..knowledge.terms import REDIRECT, RESPONSE, XSS, Sink
from .machine import Machine
from .objects import Frame, Site
from .sinks import judge_value
from .taint import Facts
from .values import LOOSE, UNSET, Value

_HTML = Sink(XSS, "answer", said="answers it as HTML")
_REDIRECT = Sink(REDIRECT, "answer", said="sends the caller to the address")
_SECRET = Sink(RESPONSE, "answer", said="answers it to the caller")


def judge_answer(machine: Machine, value: Value, facts: Facts, place: ir.Place, frame: Frame, html: bool) -> None:
    """Notes what harm an answer does."""
    site = Site(frame.scope.path, place.line, place.column, frame.function, "return")
    frame.facts = facts
    fields = value.fields or {}
    headers = fields.get("headers")
    body = fields.get("body")
    if body is not None and headers is not None and "text/html" in _header(headers, "content-type"):
        judge_value(machine, _HTML, body, site, frame, "answer", "")
    if headers is not None and headers.fields:
        for name in sorted(headers.fields):
            if name.lower() == "location":
                judge_value(machine, _REDIRECT, headers.fields[name], site, frame, "answer", "")
    if html and not fields:
        text = value.items[0] if value.items else value  # Flask: a tuple of text and status
        if text.pieces is not None and LOOSE in text.pieces and len(text.pieces) > 1:
            judge_value(machine, _HTML, text, site, frame, "answer", "")
    judge_value(machine, _SECRET, body if body is not None else value, site, frame, "answer", "")


def _header(headers: Value, name: str) -> str:
    for each, value in (headers.fields or {}).items():
        if each.lower() == name and value.constant is not UNSET:
            return str(value.constant).lower()
    return ""
