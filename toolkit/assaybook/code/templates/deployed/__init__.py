"""A template as if it had been deployed: the captures that AWS would have answered, so that all that reads answers reads templates too.

Each module makes the answers of one subject and names, in `ANSWERED`, the calls of the plan that it answers; `not_told.py` names the others, each with
the reason why a template does not tell it. A listing that is answered and for which a template has nothing is answered as empty: the template is the
population of the stack. What the stack's answers leave out is a call that was never made. Between the two lie what watches an account and what lies around
its functions: a listing of `AS_DECLARED` holds what the template declares, and says that there may be more; a call of `WHERE_DECLARED` is answered
only about what the template declares. Of neither is anything said where it declares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....capture import PLACES, Capture
from ..resources import Template
from . import (
    account,
    balancers,
    buckets,
    databases,
    domains,
    edges,
    events,
    file_systems,
    functions,
    graphql,
    http_apis,
    identity,
    keys,
    layers,
    machines,
    mappings,
    messages,
    networks,
    not_told,
    permissions,
    pipelines,
    rest,
    schemas,
    senders,
    sign_in,
    tables,
    tagging,
    watching,
)
from .answers import BORROWED, Answers, Maker, stack

_COMPUTE = (
    functions,
    mappings,
    layers,
    permissions,
    identity,
    rest,
    http_apis,
    domains,
    graphql,
    sign_in,
    events,
    senders,
    machines,
    edges,
    balancers,
)
_DATA = (buckets, tables, messages, keys, databases, file_systems, watching, pipelines, schemas, tagging)
MAKERS: tuple[Maker, ...] = (*(each.make for each in (*_COMPUTE, *_DATA)), networks.make, account.make)
ANSWERED: tuple[str, ...] = tuple(call for each in (*_COMPUTE, *_DATA) for call in each.ANSWERED)
AS_DECLARED: Mapping[str, str] = {**watching.AS_DECLARED, **schemas.AS_DECLARED, **account.AS_DECLARED}
WHERE_DECLARED: Mapping[str, str] = {
    **watching.WHERE_DECLARED,
    **schemas.WHERE_DECLARED,
    **networks.WHERE_DECLARED,
    **account.WHERE_DECLARED,
}
# What templates never tell, each call with the reason.
NOT_FROM_TEMPLATES: Mapping[str, str] = {
    **not_told.NOT_FROM_TEMPLATES,
    **buckets.NOT_FROM_TEMPLATES,
    **tables.NOT_FROM_TEMPLATES,
    **databases.NOT_FROM_TEMPLATES,
    **watching.NOT_FROM_TEMPLATES,
    **account.NOT_FROM_TEMPLATES,
}


def deployed(template: Template, at: str) -> tuple[Capture, ...]:
    """The captures of a template's stack in its made-up account, in clear: whoever keeps them redacts them first. `at` is when it was read, in ISO 8601."""
    whole = stack(template, at)
    answers = Answers(whole)
    for resource in template.resources:
        if resource.type not in BORROWED:
            answers.place(resource.arn or resource.name, resource.where, resource.conditional)
    for make in MAKERS:
        make(whole, answers)
    return answers.captures(ANSWERED, AS_DECLARED)


__all__ = ["ANSWERED", "AS_DECLARED", "MAKERS", "NOT_FROM_TEMPLATES", "PLACES", "WHERE_DECLARED", "deployed"]
