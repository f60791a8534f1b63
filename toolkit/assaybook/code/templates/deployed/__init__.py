"""A template as if it had been deployed: the captures that AWS would have answered, so that all that reads answers reads templates too.

Each module makes the answers of one subject and names, in `ANSWERED`, the calls of the plan that it answers; `not_told.py` names the others, each with
the reason why a template does not tell it. A listing that is answered and for which a template has nothing is answered as empty: the template is the
population of the stack. What the stack's answers leave out is a call that was never made.
"""

from __future__ import annotations

from ....capture import PLACES, Capture
from ..resources import Template
from . import functions
from .answers import Answers, Maker, stack

MAKERS: tuple[Maker, ...] = (functions.make,)
ANSWERED: tuple[str, ...] = (*functions.ANSWERED,)


def deployed(template: Template, at: str) -> tuple[Capture, ...]:
    """The captures of a template's stack in its made-up account, in clear: whoever keeps them redacts them first. `at` is when it was read, in ISO 8601."""
    whole = stack(template, at)
    answers = Answers(whole)
    for resource in template.resources:
        answers.place(resource.arn or resource.name, resource.where, resource.conditional)
    for make in MAKERS:
        make(whole, answers)
    return answers.captures(ANSWERED)


__all__ = ["ANSWERED", "MAKERS", "PLACES", "deployed"]
