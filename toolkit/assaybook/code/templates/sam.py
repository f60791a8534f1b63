"""SAM templates as the CloudFormation that they become.

Source: AWS SAM Developer Guide, "AWS SAM specification"; the transform itself is the vendor's own (aws-sam-translator).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .assembled import includes
from .located import Block, block, plain
from .resources import Problem
from .sam_lines import with_lines
from .sam_local import Local
from .sam_translate import translated
from .values import text_of

if TYPE_CHECKING:
    from .cloudformation import Stack

_SERVERLESS = "AWS::Serverless::"
# Transforms that add nothing to what is assessed, or that are done elsewhere in this folder.
_HARMLESS = (
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::CodeDeployBlueGreen",
)


def expanded(stack: Stack) -> Block:
    """The template with SAM's transform applied, and with a problem for each other one that may have changed it."""
    _note_macros(stack)
    raw = stack.raw
    kinds = {name: text_of(block(each).get("Type")) for name, each in block(raw.get("Resources")).items()}
    own = {name for name, kind in kinds.items() if kind.startswith(_SERVERLESS) and kind != f"{_SERVERLESS}Application"}
    if not own:
        return raw
    template: dict[str, Any] = plain(raw)
    # Applications are nested stacks; the translator would ask the network about those of the public repository.
    apart = {name for name in kinds if not _fits(template["Resources"][name])}
    stack.problems.extend(
        Problem(_place(raw, each), f"the properties of {each} are no mapping") for each in sorted(apart & own)
    )
    apart |= {name for name, kind in kinds.items() if kind == f"{_SERVERLESS}Application"}
    for name in sorted(apart):
        del template["Resources"][name]
    _keep_known_types(template)
    local = Local(stack)
    local.hide(template)
    made, problems = translated(template, stack.place.region, _parameters(raw))
    stack.problems.extend(Problem(_place(raw, each), why) for each, why in [*local.problems, *problems])
    local.restore(made)
    whole = with_lines(made, raw)
    resources = block(whole.get("Resources"))
    for name in block(raw.get("Resources")):
        if name in apart:
            resources.take(raw["Resources"], name, raw["Resources"][name])
    return whole


def _note_macros(stack: Stack) -> None:
    said = stack.raw.get("Transform")
    for each in said if isinstance(said, list) else [said]:
        name = text_of(each.get("Name")) if isinstance(each, Block) else text_of(each)
        if name == "AWS::Include" and includes(each, stack.resolver):
            continue
        if name and not name.startswith(_HARMLESS):
            stack.problems.append(Problem(stack.raw.where("Transform"), f"the macro {name} may change the template"))


def _fits(resource: Any) -> bool:
    if isinstance(resource, dict) and resource.get("Properties", {}) is None:
        resource["Properties"] = {}
    return isinstance(resource, dict) and isinstance(resource.get("Properties", {}), dict)


def _keep_known_types(template: dict[str, Any]) -> None:
    """Leave out of the sections that the translator looks into what is not of their type."""
    for section in ("Parameters", "Conditions", "Mappings", "Outputs", "Globals", "Metadata"):
        if section in template and not isinstance(template[section], dict):
            del template[section]


def _parameters(raw: Block) -> dict[str, Any]:
    """A text for each parameter without a default; the translator reads the defaults itself."""
    declared = block(raw.get("Parameters"))
    return {name: f"${{{name}}}" for name, said in declared.items() if "Default" not in block(said)}


def _place(raw: Block, logical: str) -> str:
    resources = block(raw.get("Resources"))
    return resources.where(logical) if logical in resources else raw.where("Resources")
