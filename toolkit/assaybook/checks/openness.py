"""Whether a resource policy opens its resource to everyone, as the checks on stores and keys ask it."""

from __future__ import annotations

from dataclasses import dataclass

from ..capture import is_symbol
from ..model import Subject
from ..policy.document import ALLOW, Statement, parse_policy
from ..policy.exposure import Exposure, resource_policy
from ..policy.reach import Reach
from ..tables.scope import Account
from ..watched import Watched


@dataclass(frozen=True, slots=True)
class Openness:
    """The statements of a policy that let everyone in, those that might, and those that let in everyone from a limited origin."""

    public: tuple[Exposure, ...] = ()
    undecided: tuple[Exposure, ...] = ()
    limited: tuple[Exposure, ...] = ()


def openness(policy: str, holder: Subject, evidence: Watched) -> Openness:
    """Who gets in through a policy of a resource of this account; an empty policy lets nobody in.

    The account's organisation is read only where the answer hangs on it. Raises PolicyError if the policy is malformed.
    """
    if not policy:
        return Openness()
    found = _sorted_out(policy, holder.account, None)
    if found.undecided and not found.public:
        organisation = evidence.one(Account, holder.account).organisation or None
        found = _sorted_out(policy, holder.account, organisation)
    return found


def _sorted_out(policy: str, account: str, organisation: str | None) -> Openness:
    read = parse_policy(policy)
    allows = [each for each in read.statements if each.effect == ALLOW]
    exposures = resource_policy(read, own_account=account, own_organisation=organisation)
    public = tuple(each for each in exposures if each.public)
    rest = [(allow, each) for allow, each in zip(allows, exposures, strict=True) if not each.public]
    undecided = tuple(each for allow, each in rest if each.reach is Reach.UNKNOWN and not _one_by_one(allow))
    return Openness(public, undecided, tuple(each for _, each in rest if each.reach is Reach.ANYONE))


def _one_by_one(allow: Statement) -> bool:
    """Whether a statement names its principals, of whom one that is not known any more is still not everyone; one that a template leaves open may be."""
    named = allow.principals or ()
    known = all(each.kind in ("AWS", "CanonicalUser") and "*" not in each.name for each in named)
    return bool(named) and known and not any(is_symbol(each.name) for each in named)


def sentence(exposure: Exposure) -> str:
    """What an exposure says, to go into the middle of a sentence."""
    said = exposure.because.rstrip(".")
    if exposure.public and exposure.conditions:
        said = f"{said}, for {exposure.conditions[0]}"
    allowed = ", ".join(exposure.actions[:4]) + (" and more" if len(exposure.actions) > 4 else "")
    return f"{said[:1].lower()}{said[1:]} ({allowed})" if allowed else f"{said[:1].lower()}{said[1:]}"
