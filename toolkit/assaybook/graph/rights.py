"""What the role of a workload may do that matters to an attacker: become an administrator, read and write stores and secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..policy.breadth import Breadth, broad_grants
from ..policy.condition import evaluate_all
from ..policy.document import ALLOW, Statement
from ..policy.identity import Permissions, Rule, permissions
from ..policy.match import action_matches, covers, has_wildcard, overlaps
from ..policy.request import NOTHING_KNOWN
from ..policy.truth import Truth
from ..tables.identity import PolicyText
from .stores import NOBODYS, Kind, Place, Shelf

MOST_NAMED = 3
# Actions that, on all resources, let a workload raise its own rights. Sources: MITRE ATT&CK, "T1098.003 Additional Cloud Roles"; IAM User Guide, "Policies and
# permissions in IAM".
RAISES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("iam:PutRolePolicy",), "role", "write a policy of its own into any role"),
    (("iam:AttachRolePolicy",), "role", "attach any policy to any role"),
    (("iam:CreatePolicyVersion",), "policy", "rewrite any policy of the account"),
    (("iam:UpdateAssumeRolePolicy", "sts:AssumeRole"), "role", "let itself into any role"),
    (("iam:CreateAccessKey",), "user", "make access keys of any user"),
    (("iam:PutUserPolicy",), "user", "write a policy of its own into any user"),
    (("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"), "role", "run code of its own under any role"),
    (("sts:AssumeRole",), "role", "take on any role that trusts the account"),
)
UPDATES_CODE = "lambda:UpdateFunctionCode"


@dataclass(frozen=True, slots=True)
class Reached:
    """The stores of one kind that a set of statements reaches; `certain` is False where that hangs on conditions.

    `granted` says whether a statement gives anything of the kind at all, `every` whether by a pattern that fits every name.
    """

    places: tuple[Place, ...] = ()
    every: bool = False
    certain: bool = True
    granted: bool = False


class Rights:
    """What one role may do, judged once for all roles with the same policies."""

    def __init__(self, held: Permissions, account: str) -> None:
        self.held = held
        self.account = account

    def power(self, strong_functions: bool) -> tuple[str, str]:
        """How the role is or becomes an administrator, and how it would if conditions hold; empty if it does not.

        `strong_functions` says whether another function runs under a role that is an administrator's.
        """
        sure, perhaps = "", ""
        for grant in broad_grants(self.held):
            if grant.breadth is Breadth.SERVICE:
                continue
            what = "every action" if grant.breadth is Breadth.ADMIN else "nearly every action"
            said = f"may do {what} on every resource ({grant.statement})"
            if grant.certain is Truth.TRUE:
                return said, ""
            perhaps = perhaps or said
        for actions, kind, what in RAISES:
            truth, statement = self._all(actions, f"arn:aws:iam::{self.account}:{kind}/{NOBODYS}")
            if truth is Truth.TRUE:
                sure = sure or f"may {what} ({statement})"
            elif truth is Truth.UNKNOWN:
                perhaps = perhaps or f"may {what} ({statement})"
        if not sure and strong_functions:
            truth, statement = self._all((UPDATES_CODE,), f"arn:aws:lambda:us-east-1:{self.account}:function:{NOBODYS}")
            said = f"may replace the code of functions that run under an administrator's role ({statement})"
            sure = said if truth is Truth.TRUE else sure
            perhaps = said if truth is Truth.UNKNOWN and not perhaps else perhaps
        return sure, "" if sure else perhaps

    def _all(self, actions: Sequence[str], resource: str) -> tuple[Truth, str]:
        """Whether all these actions are allowed on the resource, and the statement that gives the first."""
        statement, worst = "", Truth.TRUE
        for action in actions:
            on = resource
            if action.startswith("lambda:") and ":iam:" in resource:
                on = f"arn:aws:lambda:us-east-1:{self.account}:function:{NOBODYS}"
            answer = self.held.allows(action, on)
            if answer.granted is Truth.FALSE:
                return Truth.FALSE, ""
            statement = statement or answer.statement
            worst = Truth.UNKNOWN if answer.granted is Truth.UNKNOWN else worst
        return worst, statement

    def relevant(self, actions: tuple[str, ...]) -> tuple[tuple[Statement, ...], ...]:
        """The statements of each layer that speak of these actions, without their places, so that equal grants of different roles are equal."""
        return tuple(
            tuple(
                replace(rule.statement, index=0, sid="")
                for rule in layer.rules
                if any(_names(rule.statement, action) for action in actions)
            )
            for layer in self.held.layers
        )

    def statement_for(self, actions: Iterable[str], shelf: Shelf, place: Place) -> str:
        """The name of the statement that gives one of these actions on a store; empty if none surely does."""
        for rule in self.held.layers[0].rules:
            if rule.statement.effect == ALLOW and any(_names(rule.statement, each) for each in actions):
                patterns = rule.statement.resources
                if patterns is None or any(shelf.fits(each, place.arn) for each in patterns):
                    return rule.name
        return ""

    def writing(self, kind: Kind, shelf: Shelf, arn: str, inside: Sequence[str]) -> tuple[str, bool, bool]:
        """The statement that lets the role write into the store (and, in a bucket, under one of these object patterns); empty if none does.

        With it whether that is certain, and whether the statement names this very store and all that is in it.
        """
        best: tuple[str, bool, bool] = ("", False, False)
        for rule in self.held.layers[0].rules:
            found = self._writes(rule, kind, shelf, arn, inside)
            if found is not None and (not best[0] or found > best[1:]):
                best = (rule.name, *found)
        return best

    def _writes(
        self, rule: Rule, kind: Kind, shelf: Shelf, arn: str, inside: Sequence[str]
    ) -> tuple[bool, bool] | None:
        statement = rule.statement
        named = [action for action in kind.writes if _names(statement, action) and action != "s3:DeleteObject"]
        if statement.effect != ALLOW or not named:
            return None
        wanted = [f"{arn}{each}" for each in inside] or [arn]
        patterns = statement.resources if statement.resources is not None else ("*",)
        hits = [each for each in patterns if any(overlaps(each, one) for one in wanted)]
        if not hits:
            return None
        answers = [self.held.allows(action, _sample(hit, arn, kind)) for action in named for hit in hits]
        if all(each.granted is Truth.FALSE for each in answers):
            return None
        certain = any(each.granted is Truth.TRUE for each in answers)
        precise = any(not shelf.every(hit) and any(covers(one, hit) for one in wanted) for hit in hits)
        return certain, precise


def _sample(pattern: str, arn: str, kind: Kind) -> str:
    """An ARN inside the store that the pattern matches."""
    if not kind.inside:
        return arn
    if pattern.startswith(f"{arn}/"):
        return pattern.replace("*", "x").replace("?", "x")
    return f"{arn}/x"


def _names(statement: Statement, action: str) -> bool:
    return _names_action(statement.actions, statement.not_actions, action)


@lru_cache(maxsize=65536)
def _names_action(named: tuple[str, ...] | None, spared: tuple[str, ...] | None, action: str) -> bool:
    if named is not None:
        return any(action_matches(pattern, action) for pattern in named)
    return not any(action_matches(pattern, action) for pattern in spared or ())


class Judge:
    """Judges what statements reach, once for statements that are alike."""

    def __init__(self, shelves: Mapping[str, Shelf]) -> None:
        self.shelves = shelves
        self._known: dict[tuple[str, bool, tuple[tuple[Statement, ...], ...]], Reached] = {}

    def reached(self, rights: Rights, kind: str, *, writing: bool) -> Reached:
        """The stores of a kind that the role may read, or write."""
        shelf = self.shelves[kind]
        actions = shelf.kind.writes if writing else shelf.kind.reads
        own, *limits = rights.relevant(actions)
        if not any(each.effect == ALLOW for each in own):
            return Reached()
        relevant = (_widest(own, actions), *limits)
        key = (kind, writing, relevant)
        if key not in self._known:
            self._known[key] = self._judged(rights, shelf, actions, relevant)
        return self._known[key]

    def _judged(
        self, rights: Rights, shelf: Shelf, actions: tuple[str, ...], relevant: tuple[tuple[Statement, ...], ...]
    ) -> Reached:
        own = [each for each in relevant[0] if each.effect == ALLOW]
        limited = len(relevant) > 1 or any(each.effect != ALLOW for layer in relevant for each in layer)
        found: dict[str, Place] = {}
        certain: set[str] = set()
        every = False
        for statement in own:
            truth = evaluate_all(statement.conditions, NOTHING_KNOWN, variables=statement.variables)
            if truth is Truth.FALSE:
                continue
            patterns = statement.resources if statement.resources is not None else ("*",)
            limited = limited or statement.resources is None
            for pattern in patterns:
                every = every or (has_wildcard(pattern) and shelf.every(pattern))
                for place in shelf.matching(pattern):
                    found[place.arn] = place
                    if truth is Truth.TRUE:
                        certain.add(place.arn)
        if limited:
            judged = {arn: _allowed(rights.held, actions, arn, shelf.kind, own) for arn in found}
            found = {arn: place for arn, place in found.items() if judged[arn] is not Truth.FALSE}
            certain = {arn for arn, truth in judged.items() if truth is Truth.TRUE}
            sample = _allowed(rights.held, actions, shelf.kind.sample, shelf.kind, own)
            every = every and sample is not Truth.FALSE
        places = tuple(found[arn] for arn in sorted(found))
        return Reached(places, every, all(each.arn in certain for each in places), granted=True)


def _widest(own: tuple[Statement, ...], actions: tuple[str, ...]) -> tuple[Statement, ...]:
    """The statements without the grants that one for everything makes needless, so that wide roles are judged once for all of them."""
    for each in own:
        if (
            each.effect == ALLOW
            and each.resources == ("*",)
            and not each.conditions
            and all(_names(each, one) for one in actions)
        ):
            return tuple(other for other in own if other.effect != ALLOW or other is each)
    return own


def _allowed(held: Permissions, actions: Iterable[str], arn: str, kind: Kind, own: Iterable[Statement]) -> Truth:
    """The best answer for one of these actions on something in the store."""
    inside = [
        pattern
        for statement in own
        for pattern in statement.resources or ()
        if kind.inside and pattern.startswith(f"{arn}/")
    ]
    resources = [_sample(each, arn, kind) for each in inside] or [_sample("*", arn, kind)]
    best = Truth.FALSE
    for action in actions:
        for resource in resources:
            truth = held.allows(action, resource).granted
            if truth is Truth.TRUE:
                return truth
            best = truth if truth is Truth.UNKNOWN else best
    return best


def rights_of(policies: Sequence[PolicyText], boundary: PolicyText | None, account: str) -> Rights:
    """The rights of a role with these policies. Raises PolicyError if one is malformed."""
    documents: dict[str, str] = {}
    for number, each in enumerate(policies):
        # An inline and a managed policy may bear one name.
        documents[each.name if each.name not in documents else f"{each.name} ({number + 1})"] = each.text
    return Rights(permissions(documents, boundary=boundary.text if boundary is not None else None), account)
