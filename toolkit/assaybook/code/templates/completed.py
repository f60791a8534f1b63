"""What the provider completes when it makes a resource: definitions that are read from files, and their substitutions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .code_places import ROOT, Files
from .loading import Unreadable, load
from .located import Block, block
from .values import Partly, as_json, is_known, text_of

_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9_.:-]+)\}")


def completed(kind: str, properties: Block, files: Files, folder: str, text: Callable[[str], str]) -> Block:
    """The properties as the provider's answers would have them: a state machine's definition as text, an API's body from its file."""
    if kind == "AWS::StepFunctions::StateMachine":
        return _machine(properties, files, folder, text)
    if kind in ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api") and isinstance(
        properties.get("BodyS3Location"), str
    ):
        return _api(properties, files, folder, text)
    return properties


def _machine(properties: Block, files: Files, folder: str, text: Callable[[str], str]) -> Block:
    said = properties.get("Definition", properties.get("DefinitionString"))
    line = properties.lines.get("Definition", properties.lines.get("DefinitionString", properties.line))
    location = properties.get("DefinitionS3Location")
    if said is None and isinstance(location, str):
        found = text(files.place(location, folder, ROOT))
        said, line = (found or None), properties.lines.get("DefinitionS3Location", properties.line)
    if isinstance(said, Block):
        written = json.dumps(as_json(said), separators=(",", ":"))
        said = written if is_known(said) else Partly(written)
    if not isinstance(said, str):
        return properties
    made = _without(properties, "Definition", "DefinitionSubstitutions")
    made.put("DefinitionString", _substituted(said, block(properties.get("DefinitionSubstitutions"))), line)
    return made


def _substituted(definition: str, given: Block) -> str:
    """The definition with its substitutions filled in, each as the inside of a JSON text or as a number."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in given:
            return match.group()
        return json.dumps(text_of(given[name]))[1:-1]

    return _SUBSTITUTION.sub(value, definition) if given else definition


def _api(properties: Block, files: Files, folder: str, text: Callable[[str], str]) -> Block:
    path = files.place(properties["BodyS3Location"], folder, ROOT)
    try:
        found: Any = load(text(path).encode(), path).value if path else None
    except Unreadable:
        found = None
    if not isinstance(found, Block):
        return properties
    made = _without(properties, "BodyS3Location")
    made.put("Body", found, properties.lines.get("BodyS3Location", properties.line))
    return made


def _without(properties: Block, *names: str) -> Block:
    made = properties.like()
    for key, value in properties.items():
        if key not in names:
            made.take(properties, key, value)
    return made
