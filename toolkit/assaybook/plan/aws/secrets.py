"""What to ask about values that must stay secret outside the vault: parameters by name and type, never by value."""

from .. import Call

CALLS = (
    Call(
        "ssm:DescribeParameters",
        items="Parameters",
        why="names and types of parameters, to see secrets that are kept as plain text; values are never asked for",
    ),
)
