"""Which ways a principal has from the rights that it was given to more rights.

A path counts if each of its actions is allowed on something that serves it, after Denies, boundary and organisation, and if
what it reaches holds more than the principal already does. A way to a user, a role or a function counts only if there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .access import decide
from .bearers import Bearer, Surroundings
from .gains import Gain, anything, gain, holds_everything, newcomer, unbound
from .identity import Answer
from .request import RequestContext
from .steps import (
    OF_TARGET,
    Path,
    Step,
    alone,
    by_its_name,
    context_for,
    is_new,
    located,
    on_something_new,
    paths,
    regions_for,
    towards,
)
from .truth import Truth, every


@dataclass(frozen=True, slots=True)
class Escalation:
    """One path that a principal can walk, surely or perhaps.

    `statements` are those that allow its actions, in the order of `actions`; `leads_to` says whose rights are reached, in
    words; `hangs_on` says what decides where `certain` is unknown.
    """

    path: str
    title: str
    actions: tuple[str, ...]
    statements: tuple[str, ...]
    leads_to: str
    gains: Gain
    certain: Truth
    hangs_on: str = ""

    @property
    def because(self) -> str:
        """One clause for a report: the actions, the statements that allow them, and where they lead."""
        statements = " and ".join(dict.fromkeys(each for each in self.statements if each))
        by = f" by {statements}" if statements else ""
        return f"{' with '.join(self.actions)}{by} leads to {self.leads_to}"


def escalations(walker: Bearer, around: Surroundings) -> tuple[Escalation, ...]:
    """The paths of the data file that the principal can walk, each once, with the strongest that it reaches; sure ones first.

    Who holds everything has nothing to gain, so there are none for it.
    """
    if holds_everything(walker.held) or walker.service_linked:
        return ()
    regions = regions_for(walker)
    found = [best for path in paths() if (best := _walked(walker, path, around, regions)) is not None]
    return tuple(sorted(found, key=lambda one: (one.certain is not Truth.TRUE, -one.gains)))


def _walked(walker: Bearer, path: Path, around: Surroundings, regions: Iterable[str]) -> Escalation | None:
    """The path towards the strongest that it surely reaches, else towards the strongest that it may reach."""
    # A trust policy can let somebody in whose own policies say nothing. So can a key's, but whoever wrote that meant it.
    by_itself = [step.action for step in path.steps if step.action != "sts:AssumeRole"]
    if not all(walker.held.names(action) for action in by_itself):
        return None
    best: Escalation | None = None
    for region in regions:
        for one in _ways(_Walk(walker, path, context_for(walker, path), region, around)):
            if one.certain is Truth.TRUE and one.gains is Gain.ADMINISTRATOR:
                return one
            if best is None or _rank(one) > _rank(best):
                best = one
        # Roles are passed in no region, so that another one leads to nobody stronger.
        if best is not None and best.certain is Truth.TRUE:
            break
    return best


def _rank(one: Escalation) -> tuple[bool, Gain]:
    return (one.certain is Truth.TRUE, one.gains)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One principal on one path, calling one region."""

    walker: Bearer
    path: Path
    context: RequestContext
    region: str
    around: Surroundings

    def request(self, step: Step) -> RequestContext:
        """The request of a step."""
        return located(self.context, step, self.region)


def _ways(walk: _Walk) -> Iterator[Escalation]:
    steps, gains = walk.path.steps, walk.path.entry.gains
    fixed = _fixed(walk)
    if any(answer is not None and answer.granted is Truth.FALSE for answer in fixed):
        return
    if gains == "key":
        yield from _keys(walk)
    elif gains in ("self", "unbind") and not any(step.on in OF_TARGET for step in steps):
        yield from _own(walk, [answer for answer in fixed if answer is not None])
    else:
        yield from _through_others(walk, fixed)


def _fixed(walk: _Walk) -> list[Answer | None]:
    """The answers for the steps that depend on nobody else's rights, in their places; steps on one kind of new thing share it."""
    steps = walk.path.steps
    answers = [alone(walk.walker, step, walk.request(step)) for step in steps]
    kinds = dict.fromkeys((step.action.partition(":")[0], step.on) for step in steps if is_new(step))
    for kind in kinds:
        places = [place for place, step in enumerate(steps) if (step.action.partition(":")[0], step.on) == kind]
        together = [steps[place] for place in places]
        found = on_something_new(walk.walker, together, walk.request(together[0]))
        for place, answer in zip(places, found, strict=True):
            answers[place] = answer
    return answers


def _own(walk: _Walk, answers: list[Answer]) -> Iterator[Escalation]:
    """Towards a policy of its own choice, or out of its boundary."""
    walker, path = walk.walker, walk.path
    out_of_bounds = path.entry.gains == "unbind"
    if out_of_bounds and not walker.bounded:
        return
    as_another = any(step.on.startswith("new-") for step in path.steps)
    after = newcomer(walker.held) if as_another else anything(walker.held)
    won = gain(walker.held, unbound(walker.held) if out_of_bounds else after)
    if won is Gain.NOTHING:
        return
    # What an older version of a policy, or another group, holds is not in the evidence.
    unseen = {
        "iam-set-default-policy-version": "what older versions of the policy hold",
        "iam-add-user-to-group": "what other groups hold",
    }
    leads_to = "its own policies without the boundary" if out_of_bounds else "any right that its limits leave"
    if won is Gain.ADMINISTRATOR:
        leads_to = "administrator rights"
    yield _made(path, answers, leads_to, won, unseen.get(path.id, ""))


def _through_others(walk: _Walk, fixed: list[Answer | None]) -> Iterator[Escalation]:
    walker, path = walk.walker, walk.path
    taken = path.entry.gains == "take"
    for target in _targets(walker, path, walk.around):
        answers = [
            answer if answer is not None else towards(walker, step, target, walk.request(step))
            for step, answer in zip(path.steps, fixed, strict=True)
        ]
        if any(answer.granted is Truth.FALSE for answer in answers):
            continue
        chosen = path.entry.gains == "self"
        won = gain(walker.held, anything(target.held) if chosen else target.held)
        if won is Gain.NOTHING or _meant(walker, path, answers, target, won):
            continue
        strong = ", an administrator" if won is Gain.ADMINISTRATOR and not chosen else ""
        with_policy = " with a policy of its choice" if chosen else ""
        unseen = f"whether something of {path.entry.service} runs under it" if taken else ""
        yield _made(path, answers, f"{target}{strong}{with_policy}", won, unseen)


def _targets(walker: Bearer, path: Path, around: Surroundings) -> Iterator[Bearer]:
    words = {step.on for step in path.steps}
    if path.entry.service:
        found = around.trusting(path.entry.service)
    elif "existing-function" in words:
        found = [one for one in around.trusting("lambda.amazonaws.com") if one.functions]
    elif "role" in words:
        assumed = any(step.action == "sts:AssumeRole" for step in path.steps)
        found = around.naming(walker.arn) if assumed else around.roles()
    else:
        found = around.users()
    # Those that are administrators first, since the search ends with the first of them.
    for one in sorted(found, key=lambda each: (not each.administrator, each.arn)):
        if one.arn != walker.arn and not one.service_linked:
            yield one


def _meant(walker: Bearer, path: Path, answers: list[Answer], target: Bearer, won: Gain) -> bool:
    """Whether somebody has written down that the principal assumes just this role, which is no administrator."""
    if path.id != "sts-assume-role" or won is Gain.ADMINISTRATOR:
        return False
    return by_its_name(answers[0], walker, "sts:AssumeRole", target.arn)


def _keys(walk: _Walk) -> Iterator[Escalation]:
    """Towards keys that the principal could not decrypt with before."""
    walker, path = walk.walker, walk.path
    for key in walk.around.encryption_keys():
        if key.account != walker.account:
            continue
        answers = [decide(walker.requester, step.action, key, walk.request(step)) for step in path.steps]
        if any(answer.granted is Truth.FALSE for answer in answers):
            continue
        if decide(walker.requester, "kms:Decrypt", key, walk.request(path.steps[0])).granted is not Truth.TRUE:
            yield _made(path, answers, f"the use of key {key.arn.rpartition('/')[2]}", Gain.MORE, "")


def _made(path: Path, answers: list[Answer], leads_to: str, won: Gain, unseen: str) -> Escalation:
    certain = every(answer.granted for answer in answers)
    open_points = [answer.because.rstrip(".") for answer in answers if answer.granted is Truth.UNKNOWN]
    if unseen:
        certain = Truth.UNKNOWN
        open_points.insert(0, f"{unseen} is not in the evidence")
    return Escalation(
        path.id,
        path.entry.title,
        path.actions,
        tuple(answer.statement for answer in answers),
        leads_to,
        won,
        certain,
        "; ".join(dict.fromkeys(open_points)),
    )
