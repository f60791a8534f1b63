"""The single steps of an escalation path: one action on one thing, put to the evaluator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..dated import load_dated
from ..dated_entries import EscalationPath
from .access import decide
from .actions import services
from .bearers import Bearer
from .identity import Answer
from .meet import ANY_NAME, witness
from .request import MISSING, UNKNOWN_VALUE, RequestContext, Value
from .requester import request_of
from .somewhere import all_allowed_somewhere
from .truth import Truth

REGION, HOME_OF_IAM = "aws:RequestedRegion", "us-east-1"
# Words that name something which must exist already, and be another's.
OF_TARGET = frozenset(
    {"passed-role", "role", "user", "user-with-password", "user-without-password", "existing-function", "key"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a path and what it must be allowed on."""

    action: str
    on: str


@dataclass(frozen=True, slots=True)
class Path:
    """A path of the data file, taken apart: its steps, and the actions that they need, in the order of the file."""

    id: str
    entry: EscalationPath
    steps: tuple[Step, ...]
    actions: tuple[str, ...]


@cache
def paths() -> tuple[Path, ...]:
    """All paths of the data file, in its order."""
    entries = load_dated("aws_escalation_paths").entries
    found: list[Path] = []
    for name, entry in entries.items():
        steps = tuple(Step(*each.split(" on ", 1)) for each in entry.actions)
        found.append(Path(name, entry, steps, tuple(step.action for step in steps)))
    return tuple(found)


@cache
def path_actions() -> frozenset[str]:
    """Every action that some path needs."""
    return frozenset(action for path in paths() for action in path.actions)


def regions_for(walker: Bearer) -> tuple[str, ...]:
    """The regions to try: whoever asks picks the region, so those that conditions name, and one that they do not.

    Empty text alone where no condition asks for the region.
    """
    named = {
        witness(value)
        for layer in walker.held.layers
        for rule in layer.rules
        for condition in rule.statement.conditions
        for value in condition.values
        if condition.key.lower() == REGION.lower()
    }
    return tuple(sorted({HOME_OF_IAM, ANY_NAME, *named})) if named else ("",)


def context_for(walker: Bearer, path: Path) -> RequestContext:
    """The request as the walker would send it on this path: who it is, and the keys that the path sets."""
    values: dict[str, Value] = {}
    for line in path.entry.given:
        key, _, value = line.partition(" = ")
        values[key] = value
    if path.entry.gains == "pass":
        values["iam:PassedToService"] = path.entry.service
    # Code that runs under a role has no second factor; a user may have one.
    values["aws:MultiFactorAuthPresent"] = UNKNOWN_VALUE if walker.user else MISSING
    values["aws:MultiFactorAuthAge"] = UNKNOWN_VALUE if walker.user else MISSING
    values["aws:ResourceAccount"] = walker.account
    return request_of(walker.requester, RequestContext(values))


def located(context: RequestContext, step: Step, region: str) -> RequestContext:
    """The request sent to a region; IAM answers in one region of each partition, whatever region is meant."""
    if not region:
        return context
    return context.filled({REGION: HOME_OF_IAM if step.action.startswith("iam:") else region})


def alone(walker: Bearer, step: Step, context: RequestContext) -> Answer | None:
    """The answer for a step on the walker's own, or on nothing; None for one that takes another's or something new."""
    if step.on == "*":
        return walker.held.allows(step.action, "*", context)
    if step.on not in _OWN:
        return None
    about = {"iam:PermissionsBoundary": UNKNOWN_VALUE if walker.bounded else MISSING}
    request = context.filled(about)
    return _best(walker.held.allows(step.action, arn, request) for arn in _OWN[step.on](walker))


def on_something_new(walker: Bearer, steps: Sequence[Step], context: RequestContext) -> tuple[Answer, ...]:
    """The answers for steps that are all on one and the same thing of a kind, which the walker may name as it likes."""
    request = context.filled({"iam:PermissionsBoundary": MISSING})
    actions = [step.action for step in steps]
    return all_allowed_somewhere(walker.held, actions, _space(steps[0], walker.account), request).answers


def is_new(step: Step) -> bool:
    """Whether the step is on a kind of thing, and not on the walker's own, another's, or nothing."""
    return step.on != "*" and step.on not in _OWN and step.on not in OF_TARGET


def towards(walker: Bearer, step: Step, target: Bearer, context: RequestContext) -> Answer:
    """The answer for a step on the role, the user or a function of the one whose rights are reached."""
    if step.action == "sts:AssumeRole":
        return decide(walker.requester, step.action, target.as_resource(), context)
    if step.on == "existing-function":
        return _best(walker.held.allows(step.action, arn, context) for arn in target.functions)
    if step.on in ("user-with-password", "user-without-password") and target.console is not (
        step.on == "user-with-password"
    ):
        return NOWHERE
    about = {"iam:PermissionsBoundary": UNKNOWN_VALUE if target.bounded else MISSING}
    return walker.held.allows(step.action, target.arn, context.filled(about))


NOWHERE = Answer(Truth.FALSE, "", "there is nothing of the kind")
_ORDER = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


def _best(answers: Iterable[Answer]) -> Answer:
    best = NOWHERE
    for answer in answers:
        if _ORDER[answer.granted] > _ORDER[best.granted]:
            best = answer
        if best.granted is Truth.TRUE:
            break
    return best


def _own_groups(walker: Bearer) -> list[str]:
    return [f"arn:aws:iam::{walker.account}:group/{name}" for name in walker.groups]


_OWN: Mapping[str, Callable[[Bearer], list[str]]] = {
    "own-role": lambda walker: [] if walker.user else [walker.arn],
    "own-user": lambda walker: [walker.arn] if walker.user else [],
    "own-policy": lambda walker: list(walker.policies),
    "own-group": _own_groups,
    "other-group": lambda walker: [f"arn:aws:iam::{walker.account}:group/other"] if walker.user else [],
    "own-function": lambda walker: list(walker.functions),
}


@cache
def _space(step: Step, account: str) -> str:
    """The pattern of all resources of a kind in the account, from the form of their ARNs. Raises KeyError for an unknown kind."""
    form = services()[step.action.partition(":")[0]].resources[step.on.removeprefix("new-")]
    pieces = form.replace("${Partition}", "aws").replace("${Account}", account).split("${")
    return pieces[0] + "".join("*" + piece.partition("}")[2] for piece in pieces[1:])


def by_its_name(answer: Answer, walker: Bearer, action: str, arn: str) -> bool:
    """Whether the ARN was written down by name, in a statement of the walker's own or in the policy of what it reaches."""
    for rule in walker.held.layers[0].speaking(action).allows:
        if rule.name == answer.statement:
            return arn in (rule.statement.resources or ())
    return True
