"""The vendor's translator of SAM, asked again without what it refuses."""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from .sam_minimal import SERVERLESS, minimal

_EVENT = re.compile(r"Event with id \[([^\]]*)\]")
_PROPERTY = re.compile(r"[Pp]roperty '?([A-Za-z0-9]+)")
_GLOBAL = re.compile(r"'Globals' section is invalid\. '(\w+)' is not (?:a supported property of '(\w+)'|supported)")
EXTRA_STAGE = "Stage"
_MOST_TRIES = 12
# The translator looks at most values without asking first what they are, and stumbles over wrong ones with these.
_STUMBLES = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
Problems = list[tuple[str, str]]


def translated(template: dict[str, Any], region: str, symbols: Mapping[str, str]) -> tuple[dict[str, Any], Problems]:
    """The CloudFormation that a template becomes, and what was left out of it: the logical id and why.

    `symbols` stand for parameters without a value, and are only used where the translator cannot do without one.
    """
    problems: Problems = []
    refused: Problems = []
    for attempt in range(_MOST_TRIES):
        for values in ({}, symbols) if symbols else ({},):
            found = _translate(template, region, values)
            if isinstance(found, dict):
                return found, problems
            refused = found
        if not _without(template, refused, problems) or attempt == _MOST_TRIES - 2:
            break
    for name in _serverless(template):
        problems.append(
            (
                name,
                f"{name} was read without the transform of SAM, which fails on this template ({refused[0][1]}); its events are not read",
            )
        )
        minimal(template, name)
    return template, problems


def _translate(
    template: dict[str, Any], region: str, values: Mapping[str, Any]
) -> dict[str, Any] | list[tuple[str, str]]:
    """The translated template, or what the translator says against it: the logical id, if it names one, and why."""
    if not _serverless(template):
        return template
    from samtranslator.feature_toggle.feature_toggle import FeatureToggle, FeatureToggleDefaultConfigProvider
    from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.utils.py27hash_fix import to_py27_compatible_template, undo_mark_unicode_str_in_template

    # What it says goes to people who run a transform, not to those who read an assessment.
    logging.getLogger("samtranslator").addHandler(logging.NullHandler())
    given = copy.deepcopy(template)
    _without_version_hash(given)
    parameters = dict(values)
    # A session would look for a region, and for credentials, on this machine.
    translator = Translator(None, Parser(), boto_session=cast(Any, SimpleNamespace(region_name=region)))
    try:
        to_py27_compatible_template(given, parameters)
        toggle = FeatureToggle(FeatureToggleDefaultConfigProvider(), stage=None, account_id=None, region=region)
        made = translator.translate(
            given,
            parameter_values=parameters,
            feature_toggle=toggle,
            passthrough_metadata=True,
            get_managed_policy_map=dict,
        )
        return _without_extra_stage(cast("dict[str, Any]", _plain(undo_mark_unicode_str_in_template(made))), template)
    except InvalidDocumentException as error:
        return [_cause(each) for each in error.causes] or [("", error.message)]
    except ExceptionWithMessage as error:
        return [_cause(error)]
    except _STUMBLES as error:
        return [("", f"{type(error).__name__}: {str(error)[:200]}")]
    finally:
        translator.metrics.publish()


def _without_version_hash(template: dict[str, Any]) -> None:
    """Leave out what only becomes part of the name of a version, where the text of an open parameter would make a wrong name."""
    shared = template.get("Globals")
    holders = [shared.get("Function") if isinstance(shared, dict) else None]
    holders += [template["Resources"][name].get("Properties") for name in _serverless(template)]
    for each in holders:
        if isinstance(each, dict):
            each.pop("AutoPublishCodeSha256", None)


def _without_extra_stage(made: dict[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """Without the stage "Stage" that SAM's deployments make beside the one that is asked for, and that nobody wrote.

    Source: AWS SAM Developer Guide, "OpenApiVersion" ("SAM creates a stage called Stage by default").
    """
    for name, each in made.get("Resources", {}).items():
        if name not in template["Resources"] and each.get("Type") == "AWS::ApiGateway::Deployment":
            properties = each.get("Properties")
            if isinstance(properties, dict) and properties.get("StageName") == EXTRA_STAGE:
                del properties["StageName"]
    return made


def _cause(error: Any) -> tuple[str, str]:
    logical = getattr(error, "_logical_id", "")
    return (logical if isinstance(logical, str) else "", str(error.message)[:300])


def _without(template: dict[str, Any], causes: list[tuple[str, str]], problems: Problems) -> bool:
    """Take out of the template what the translator refuses: an event, or else all of a resource's transform. False if nothing that it names is there."""
    changed = False
    for logical, why in causes:
        changed = _without_global(template, why, problems) or changed
        resource = template["Resources"].get(logical)
        if logical not in _serverless(template):
            continue
        event = _EVENT.search(why)
        events = resource.get("Properties", {}).get("Events")
        if event is not None and isinstance(events, dict) and event.group(1) in events:
            del events[event.group(1)]
            problems.append((logical, f"the event {event.group(1)} of {logical} was left out: {why}"))
        elif _without_property(template, logical, why, problems):
            pass
        else:
            minimal(template, logical)
            problems.append(
                (logical, f"{logical} was read without the transform of SAM; its events are not read: {why}")
            )
        changed = True
    return changed


def _without_property(template: dict[str, Any], logical: str, why: str, problems: Problems) -> bool:
    """Take out the one property of a resource that the translator does not take."""
    named = _PROPERTY.search(why)
    properties = template["Resources"][logical].get("Properties", {})
    if named is None or named.group(1) not in properties or named.group(1) == "Events":
        return False
    del properties[named.group(1)]
    problems.append((logical, f"the property {named.group(1)} of {logical} was left out: {why}"))
    return True


def _without_global(template: dict[str, Any], why: str, problems: Problems) -> bool:
    """Take out of the globals what the translator does not take there."""
    named = _GLOBAL.search(why)
    shared = template.get("Globals")
    if named is None or not isinstance(shared, dict):
        return False
    holder, name = (shared.get(named.group(2)), named.group(1)) if named.group(2) else (shared, named.group(1))
    if not isinstance(holder, dict) or name not in holder:
        return False
    del holder[name]
    problems.append(("", f"{name} was left out of the globals, where SAM does not take it"))
    return True


def _serverless(template: Mapping[str, Any]) -> list[str]:
    resources = template.get("Resources", {})
    return [name for name, each in resources.items() if str(each.get("Type")).startswith(SERVERLESS)]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
