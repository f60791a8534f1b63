"""State machines of a stack."""

from __future__ import annotations

import json
import re
from typing import Any

from ..resources import Resource, Unresolved
from .answers import Answers, Stack, entries, members, place_of, plain, switch, symbolic, untold, word

MACHINE = "AWS::StepFunctions::StateMachine"
ANSWERED = ("stepfunctions:ListStateMachines", "stepfunctions:DescribeStateMachine")


def make(stack: Stack, answers: Answers) -> None:
    """Answers of AWS Step Functions."""
    for machine in stack.of(MACHINE):
        properties = machine.properties
        kind = properties.get("StateMachineType", "STANDARD")
        record = {"stateMachineArn": machine.arn, "name": machine.name, "type": kind}
        answers.listed("stepfunctions:ListStateMachines", record, where=machine.where)
        detail = {**record, "status": "ACTIVE", "roleArn": word(properties.get("RoleArn"))}
        definition = _definition(machine)
        if definition is None:
            definition = Unresolved(machine.id, f"the definition of {machine.id} is not in the template", machine.where)
        detail["definition"] = definition
        detail["loggingConfiguration"] = _logging(properties.get("LoggingConfiguration"))
        tracing = properties.get("TracingConfiguration")
        detail["tracingConfiguration"] = {"enabled": switch(members(tracing).get("Enabled"), False)}
        key = members(properties.get("EncryptionConfiguration"))
        if key:
            detail["encryptionConfiguration"] = {"type": key.get("Type"), "kmsKeyId": word(key.get("KmsKeyId"))}
        where = place_of(machine, "DefinitionString", "Definition")
        answers.told("stepfunctions:DescribeStateMachine", detail, where, stateMachineArn=machine.arn)


def _definition(machine: Resource) -> Any:
    """The definition as text, with what is substituted in it; None where it lies outside of the template."""
    properties = machine.properties
    given = properties.get("DefinitionString", properties.get("Definition"))
    if given is None or untold(given):
        return given
    text = given if isinstance(given, str) else json.dumps(symbolic(plain(given)), ensure_ascii=False)
    for name, value in members(properties.get("DefinitionSubstitutions")).items():
        said = json.dumps(word(value), ensure_ascii=False)[1:-1]
        text = re.sub(rf"\$\{{{re.escape(str(name))}\}}", lambda _, said=said: said, text)  # type: ignore[misc]
    return text


def _logging(value: Any) -> Any:
    """What it logs: nothing where nothing is set. Source: AWS CloudFormation Template Reference, "AWS::StepFunctions::StateMachine LoggingConfiguration"."""
    config = members(value)
    destinations = config.get("Destinations")
    return {
        "level": config.get("Level", "OFF"),
        "includeExecutionData": switch(config.get("IncludeExecutionData"), False),
        "destinations": destinations
        if untold(destinations)
        else [
            {
                "cloudWatchLogsLogGroup": {
                    "logGroupArn": word(members(members(each).get("CloudWatchLogsLogGroup")).get("LogGroupArn"))
                }
            }
            for each in entries(destinations)
        ],
    }
