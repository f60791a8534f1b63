"""What a validation error says to the person whose file it is about."""

from __future__ import annotations

from pydantic import ValidationError


def first_refusal(invalid: ValidationError) -> tuple[tuple[str | int, ...], str, str]:
    """Of a validation error, the place, the kind and one sentence of what to put right first.

    A misspelt key is missing too; that it is unknown says more, so unknown keys come first.
    """
    errors = sorted(invalid.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
    first = errors[0]
    kind, message = first["type"], first["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        said = "the schema knows no such key"
    elif kind == "missing":
        said = "the key is missing"
    else:
        said = message[:1].lower() + message[1:]
    return first["loc"], kind, said
