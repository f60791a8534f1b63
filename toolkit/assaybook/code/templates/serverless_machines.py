"""State machines of the plugin serverless-step-functions.

Source: README of serverless-step-functions.
"""

from __future__ import annotations

import json
from typing import Any

from .located import Block, Series, block
from .serverless_parts import At, Service, arn_of, at_key, function_id, is_on, items, logical
from .values import as_json, text_of

_TRUST = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}


def add_machines(service: Service) -> None:
    """Add the state machines of a service, each with its role."""
    machines = block(block(service.said.get("stepFunctions")).get("stateMachines"))
    names = frozenset(block(service.said.get("functions")))
    for name, said in machines.items():
        at = at_key(machines, name)
        if not isinstance(said, Block):
            service.problem(at, f"the state machine {name} is no mapping")
            continue
        _add(service, name, said, at, names)


def _add(service: Service, name: str, said: Block, at: At, names: frozenset[str]) -> None:
    identity = said.get("id") if isinstance(said.get("id"), str) else f"{logical(name)}StepFunctionsStateMachine"
    definition = with_functions(said.get("definition"), names)
    role = said.get("role")
    if role is None:
        role = arn_of(f"{identity}Role")
        _add_role(service, f"{identity}Role", said, definition, at)
    logs = said.get("loggingConfig")
    properties = {
        "StateMachineName": said.get("name"),
        "StateMachineType": said.get("type"),
        "RoleArn": role,
        "Definition": definition if isinstance(definition, Block) else None,
        "DefinitionString": definition if isinstance(definition, str) else None,
        "LoggingConfiguration": _logging(block(logs)) if logs is not None else None,
        "TracingConfiguration": {"Enabled": is_on(block(said.get("tracingConfig")).get("enabled"))}
        if "tracingConfig" in said
        else None,
    }
    service.add(str(identity), "AWS::StepFunctions::StateMachine", properties, at)
    for event, line in items(said.get("events")):
        kind = next(iter(event), "") if isinstance(event, Block) else str(event)
        service.problem(At(said.file, line or at.line), f"the event {kind} of the state machine {name} is not read")


def with_functions(value: Any, names: frozenset[str]) -> Any:
    """A definition in which functions of the service are named by their logical ids."""
    if isinstance(value, Block):
        made = value.like()
        for key, item in value.items():
            if key == "Fn::GetAtt" and isinstance(item, list) and item and text_of(item[0]) in names:
                pair = Series(value.file, value.line)
                pair.add(function_id(text_of(item[0])))
                pair.add(item[1] if len(item) > 1 else "Arn")
                made.take(value, key, pair)
            elif key == "Ref" and isinstance(item, str) and item in names:
                made.take(value, key, function_id(item))
            else:
                made.take(value, key, with_functions(item, names))
        return made
    if isinstance(value, Series):
        series = value.like()
        for item, line in zip(value, value.lines, strict=True):
            series.add(with_functions(item, names), line)
        return series
    return value


def _logging(said: Block) -> dict[str, Any]:
    groups = [each for each, _ in items(said.get("destinations"))]
    made = [{"CloudWatchLogsLogGroup": {"LogGroupArn": each}} for each in groups]
    return {
        "Level": said.get("level", "OFF"),
        "IncludeExecutionData": said.get("includeExecutionData", False),
        "Destinations": made,
    }


def _add_role(service: Service, identity: str, said: Block, definition: Any, at: At) -> None:
    statements = [each for each, _ in items(said.get("iamRoleStatements"))]
    called = _called(definition)
    if called:
        statements.append({"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": called})
    document = {"Version": "2012-10-17", "Statement": statements}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [_TRUST]},
        "Policies": [{"PolicyName": f"{service.prefix}-statemachine", "PolicyDocument": document}],
    }
    service.add(
        identity, "AWS::IAM::Role", properties, at_key(said, "iamRoleStatements") if "iamRoleStatements" in said else at
    )


def _called(definition: Any) -> list[Any]:
    """The functions that the tasks of a definition call."""
    found: list[Any] = []
    pending = [definition]
    while pending:
        value = pending.pop()
        if isinstance(value, Block):
            task = value.get("Resource")
            if value.get("Type") == "Task" and isinstance(task, Block):
                found.append(task)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    unique = {json.dumps(as_json(each), sort_keys=True): each for each in found}
    return [unique[key] for key in sorted(unique)]
