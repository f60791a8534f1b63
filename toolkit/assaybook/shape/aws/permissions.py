"""Policies of functions and layers as the policy language wants them."""

from __future__ import annotations

import json
import re
from typing import Any

from ..records import items

_ACCOUNT_OR_ARN = re.compile(r"\d{12}|arn:aws[\w-]*:iam::\d{12}:.+")
_SERVICE = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com)")


def plain_policy(document: str) -> str:
    """A policy whose principals have their kind, as AWS writes them.

    AddPermission takes an account, an ARN or a service as a bare text, and emulators keep it so. Any other text stays, for the parser to refuse.
    """
    try:
        policy = json.loads(document)
        bare = [each for each in items(policy, "Statement") if _kind(each.get("Principal"))]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return document
    for each in bare:
        each["Principal"] = {_kind(each["Principal"]): each["Principal"]}
    return json.dumps(policy, ensure_ascii=False) if bare else document


def _kind(principal: Any) -> str:
    if not isinstance(principal, str):
        return ""
    if _ACCOUNT_OR_ARN.fullmatch(principal):
        return "AWS"
    return "Service" if _SERVICE.fullmatch(principal) else ""
