"""Captures of templates as a seal may keep them: redacted like the answers of an account, and without what the plan never keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..capture import Capture
from ..code.templates.deployed import deployed
from ..code.templates.resources import Template
from ..plan.aws import CALLS
from .recorder import without
from .redact import Redactor, unveiled

_DROPS = {call.key: call.drop for call in CALLS}


def stack_captures(templates: Iterable[Template], at: str, redactor: Redactor) -> tuple[Capture, ...]:
    """What the stacks of these templates would answer, redacted. `at` is when the templates were read, in ISO 8601."""
    return tuple(each for template in templates for each in _stack(template, at, redactor))


def _stack(template: Template, at: str, redactor: Redactor) -> tuple[Capture, ...]:
    return unveiled([_redacted(each, redactor) for each in deployed(template, at)], CALLS, redactor)


def _redacted(capture: Capture, redactor: Redactor) -> Capture:
    kept = capture.answer
    for path in _DROPS.get(capture.call, ()):
        kept = without(kept, path.split("."))
    params, hidden = redactor.answer(capture.params)
    answer, count = redactor.answer(kept)
    return replace(
        capture, params=params, answer=answer, code=redactor.text(capture.code), redactions=count + hidden, attempts=0
    )
