"""Who can change a function, and who can invoke it.

Source: AWS Lambda Developer Guide, "Identity-based IAM policies for Lambda" and "Viewing resource-based IAM policies in Lambda".
"""

from __future__ import annotations

from collections.abc import Iterable

from .access import Access, Resource, who_can
from .request import NOTHING_KNOWN, RequestContext
from .requester import Requester

CHANGES = (
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateAlias",
    "lambda:AddPermission",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:DeleteFunction",
)
INVOKES = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl")


def who_changes(
    requesters: Iterable[Requester], function: Resource, context: RequestContext = NOTHING_KNOWN
) -> tuple[Access, ...]:
    """The principals that may, or may perhaps, change the code, the configuration or the way into a function."""
    return who_can(requesters, CHANGES, function, context)


def who_invokes(
    requesters: Iterable[Requester], function: Resource, context: RequestContext = NOTHING_KNOWN
) -> tuple[Access, ...]:
    """The principals that may, or may perhaps, invoke a function, directly or by its URL."""
    return who_can(requesters, INVOKES, function, context)
