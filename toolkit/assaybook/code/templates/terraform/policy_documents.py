"""Policies that a module writes as `aws_iam_policy_document`. Source: Terraform Registry, "Data Source: aws_iam_policy_document"."""

from __future__ import annotations

from typing import Any

from ..located import Block, Series
from ..resources import Unresolved
from ..values import as_json, text_of
from .encodings import json_text, read_json

_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


def policy_document(body: Block, where: str) -> Any:
    """The policy as the text that the data source gives."""
    statements = Series(body.file, body.line)
    for name in ("source_json", "source_policy_documents"):
        _take(statements, body.get(name))
    for each in body.get("statement", ()):
        statements.add(_statement(each) if isinstance(each, Block) else each, getattr(each, "line", 0))
    for name in ("override_json", "override_policy_documents"):
        _override(statements, body.get(name))
    made = Block(body.file, body.line)
    made.put("Version", body.get("version") or "2012-10-17")
    if body.get("policy_id"):
        made.put("Id", body["policy_id"])
    made.put("Statement", statements)
    return json_text(made)


def _documents(said: Any) -> list[Any]:
    """The statements of other policies; of one that is not known, what stands for it."""
    made: list[Any] = []
    for each in said if isinstance(said, list) else [said] if said else []:
        try:
            document = read_json(each) if isinstance(each, str) else each
        except (ValueError, TypeError):
            document = Unresolved("${policy}", "a policy that is taken in is no JSON", "")
        found = document.get("Statement") if isinstance(document, Block) else document
        made += found if isinstance(found, list) else [found] if found is not None else []
    return made


def _take(statements: Series, said: Any) -> None:
    for each in _documents(said):
        statements.add(each, getattr(each, "line", 0))


def _override(statements: Series, said: Any) -> None:
    """Statements that take the place of those with the same id."""
    for each in _documents(said):
        name = each.get("Sid") if isinstance(each, Block) else None
        same = [
            index for index, old in enumerate(statements) if name and isinstance(old, Block) and old.get("Sid") == name
        ]
        if same:
            statements[same[0]] = each
        else:
            statements.add(each, getattr(each, "line", 0))


def _statement(said: Block) -> Block:
    made = Block(said.file, said.line)
    if said.get("sid"):
        made.take(said, "sid", said["sid"], "Sid")
    effect = said.get("effect")
    made.put("Effect", effect if effect else "Allow", said.lines.get("effect", said.line))
    for name, property in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if said.get(name):
            made.take(said, name, _principals(said[name]), property)
    for name, property in _LISTS:
        if said.get(name):
            made.take(said, name, _variables(said[name]), property)
    if said.get("condition"):
        made.take(said, "condition", _conditions(said["condition"]), "Condition")
    return made


def _variables(value: Any) -> Any:
    """Texts in which the policy's own variables are written as the policy has them (`&{aws:username}`)."""
    if isinstance(value, list):
        return [_variables(each) for each in value]
    return type(value)(value.replace("&{", "${")) if isinstance(value, str) and "&{" in value else value


def _principals(said: Any) -> Any:
    made = Block()
    for each in said:
        if not isinstance(each, Block):
            return each
        kind, names = text_of(each.get("type")), each.get("identifiers")
        names = names if isinstance(names, list) else [names]
        if kind == "*":
            return "*"
        held = made.get(kind)
        if not isinstance(held, Series):
            made.put(kind, Series(each.file, each.line), each.line)
        for name in names:
            made[kind].add(name)
    return made


def _conditions(said: Any) -> Any:
    made = Block()
    for each in said:
        if not isinstance(each, Block):
            made.put(text_of(as_json(each)), each)
            continue
        test, key, values = text_of(each.get("test")), text_of(each.get("variable")), each.get("values")
        if not isinstance(made.get(test), Block):
            made.put(test, Block(each.file, each.line), each.line)
        old = made[test].get(key)
        both = [*old, *values] if isinstance(old, list) and isinstance(values, list) else values
        made[test].put(key, both, each.line)
    return made
