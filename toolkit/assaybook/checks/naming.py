"""How a sentence names some things of many."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 4
WORDS = {"sqs": "queue", "sns": "topic", "kinesis": "stream", "dynamodb": "table", "kafka": "cluster", "mq": "broker"}


def some_of(names: Sequence[str], whole: Sequence[object]) -> str:
    """So many of all, with the first few by name: `7 of 9 functions (a, b, c, d and 3 more)`."""
    first = ", ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{len(names)} of {len(whole)} functions ({first}{more})"


def called(source: str) -> str:
    """What a person calls the source of events that an ARN names: `queue jobs`; other texts stay as they are."""
    parts = source.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return source
    _, _, within = parts[5].partition("/")
    return f"{WORDS.get(parts[2], parts[2])} {within.partition('/')[0] if within else parts[5].rpartition(':')[2]}"
