"""SAM templates as the CloudFormation that they become."""

from __future__ import annotations

from .cloudformation import Stack
from .located import Block


def expanded(stack: Stack) -> Block:
    """The template with SAM's transform applied."""
    return stack.raw
