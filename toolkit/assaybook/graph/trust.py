"""Who can put something into a source of events: judged from its policy, then passed on along what feeds what."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..evidence import Gap, Hole
from ..policy.document import PolicyError
from ..policy.exposure import Exposure, resource_policy
from ..policy.match import action_matches
from ..policy.reach import Reach
from ..policy.sources import service_name
from ..tables.data import Share
from ..tables.graph import (
    INTERNET_ANONYMOUS,
    INTERNET_AUTHENTICATED,
    ORGANISATION,
    OTHER_ACCOUNT,
    OWN_ACCOUNT,
    TRUSTS,
    Feed,
    SourcePolicy,
)
from ..tables.scope import Region
from .unseen import Unseen

UNKNOWN = "unknown"
UNKNOWN_RANK = 1.5
# What sending into each kind of source is called.
SENDS = {
    "bucket": ("s3:PutObject", "put objects into it"),
    "queue": ("sqs:SendMessage", "send messages to it"),
    "topic": ("sns:Publish", "publish to it"),
    "table": ("dynamodb:PutItem", "write items into it"),
    "bus": ("events:PutEvents", "put events on it"),
    "stream": ("kinesis:PutRecord", "put records into it"),
}
_BY_REACH = {
    Reach.NOBODY: OWN_ACCOUNT,
    Reach.OWN_ACCOUNT: OWN_ACCOUNT,
    Reach.SERVICE: OWN_ACCOUNT,
    Reach.ORGANISATION: ORGANISATION,
    Reach.OTHER_ACCOUNT: OTHER_ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the senders of a source can be trusted: one of TRUSTS or the gap, why, and the accounts among them that are not the own one."""

    word: Any  # a text, or the gap in its place
    because: str
    senders: tuple[str, ...] = ()
    services: frozenset[str] = frozenset()

    @property
    def rank(self) -> float:
        """The least trusted ranks highest; what is not known ranks above the own organisation and below a stranger who is known."""
        return UNKNOWN_RANK if isinstance(self.word, Gap) else float(TRUSTS.index(self.word))


def worst(found: Iterable[Trust]) -> Trust:
    """The least trusted; the first of those where several are alike."""
    return max(found, key=lambda each: each.rank, default=Trust(OWN_ACCOUNT, "nothing else can send to it"))


def of_exposure(exposure: Exposure, what: str) -> Trust:
    """Whom one statement lets in to do this."""
    said = exposure.because.rstrip(".").partition(": ")[2] or exposure.because.rstrip(".")
    if exposure.confused_deputy:
        lacking = f" ({' and '.join(exposure.missing)} missing)" if exposure.missing else ""
        return Trust(
            OTHER_ACCOUNT, f"strangers can have {', '.join(exposure.services)} {what}{lacking}", ("any account",)
        )
    if exposure.reach is Reach.UNKNOWN:
        return Trust(OTHER_ACCOUNT, f"whether others may {what} hangs on {'; '.join(exposure.undecided)}")
    if exposure.reach is Reach.ANYONE:
        if exposure.constrained:
            return Trust(INTERNET_AUTHENTICATED, f"anyone from a limited origin may {what}: {said}")
        return Trust(INTERNET_ANONYMOUS, f"anyone may {what}: {said}")
    word = _BY_REACH[exposure.reach]
    who = f"{named_accounts(exposure.accounts)} may {what}" if exposure.accounts else f"{said}"
    return Trust(word, who, exposure.accounts if word != OWN_ACCOUNT else ())


def named_accounts(ids: Sequence[str]) -> str:
    """Accounts and organisations in words, by their ids."""
    accounts = [each for each in ids if not each.startswith("o-")]
    organisations = [each for each in ids if each.startswith("o-")]
    said = [
        f"{word if len(some) == 1 else f'{word}s'} {', '.join(some)}"
        for word, some in (("account", accounts), ("organisation", organisations))
        if some
    ]
    return " and ".join(said)


@lru_cache(maxsize=8192)
def of_policy(policy: str, action: str, words: str, account: str, organisation: str | None) -> Trust:
    """Whom a resource policy lets do the action, which `words` say. Raises PolicyError if it is malformed."""
    found = resource_policy(policy, own_account=account, own_organisation=organisation) if policy else ()
    allowed = [each for each in found if _allows(each, action)]
    services = frozenset(service_name(name) for each in allowed for name in each.services)
    own = Trust(OWN_ACCOUNT, "its policy lets in only the own account")
    return replace(worst([own, *(of_exposure(each, words) for each in allowed)]), services=services)


def _allows(exposure: Exposure, action: str) -> bool:
    return any(each.startswith("all but ") or action_matches(each, action) for each in exposure.actions)


class Senders:
    """Who can send to each source, by ARN."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        shares: Iterable[Share],
        policies: Iterable[SourcePolicy],
        regions: Iterable[Region],
        holes: Iterable[Hole],
        organisations: Mapping[str, str],
        unseen: Unseen,
    ) -> None:
        self._unseen = unseen
        self._shares = {row.key: row for row in shares}
        self._policies = {row.key: row for row in policies}
        self._seen = {(row.account, row.region) for row in regions}
        self._holes = [hole for hole in holes if hole.table in (Share, SourcePolicy)]
        self._organisations = organisations
        self._trust: dict[str, Trust] = {}
        self._spread(feeds)

    def of(self, source: str, kind: str, account: str) -> Trust:
        """Who can send to a source of this kind; `account` is the one that the trigger lies in."""
        if source not in self._trust:
            found = self._own(source, kind, account)
            hidden = self._unseen.before(source, kind, account, found.services) if found.rank < UNKNOWN_RANK else None
            self._trust[source] = found if hidden is None else Trust(hidden, "what feeds it could not be read")
        return self._trust[source]

    def through(self, feed: Feed) -> Trust:
        """Who can send what this feed hands on."""
        account = feed.subject.account
        if feed.origin == UNKNOWN:
            return Trust(Gap("", "out_of_scope", feed.because, "", account), feed.because)
        if feed.origin:
            return Trust(feed.origin, feed.because)
        found = self.of(feed.source, feed.kind, account)
        if feed.own_events_only and found.rank > 0:
            return Trust(OWN_ACCOUNT, "its pattern lets only events of the own account or of AWS itself pass")
        return found

    def _spread(self, feeds: Sequence[Feed]) -> None:
        """Pass on along feeds, the least trusted first, so that each source is visited once for each degree of trust at most."""
        onward: defaultdict[str, list[Feed]] = defaultdict(list)
        kinds: dict[str, str] = {}
        for feed in feeds:
            if feed.active:
                onward[feed.source].append(feed)
                kinds.setdefault(feed.source, feed.kind)
        waiting = deque(feed for feed in feeds if feed.active and feed.target in onward)
        while waiting:
            feed = waiting.popleft()
            given = self.through(feed)
            before = self.of(feed.target, kinds[feed.target], feed.subject.account)
            if given.rank > before.rank:
                because = f"{feed.source_name} feeds it, and there {given.because}"
                self._trust[feed.target] = replace(given, because=because if len(because) < 400 else given.because)
                waiting.extend(each for each in onward[feed.target] if each.target in onward)

    def _own(self, source: str, kind: str, account: str) -> Trust:
        parts = source.split(":")
        holder = parts[4] if len(parts) > 5 else ""
        if holder and holder != account:
            return Trust(OTHER_ACCOUNT, f"it belongs to account {holder}", (holder,))
        share, other = self._shares.get(source), self._policies.get(source)
        policy = share.policy if share else other.policy if other else None
        if isinstance(policy, Gap):
            return Trust(policy, "its policy could not be read")
        if policy is None:
            return self._unlisted(source, kind, account)
        organisation = self._organisations.get(account) or None
        try:
            found = of_policy(policy, *SENDS.get(kind, ("", "")), account, organisation)
        except PolicyError as problem:
            return Trust(Gap("", "failed", f"its policy cannot be read: {problem}"), "its policy cannot be read")
        return _after_blocks(share, found) if share else found

    def _unlisted(self, source: str, kind: str, account: str) -> Trust:
        """A source that has no row: of a kind without a policy of its own, gone, or one that could not be read."""
        if kind not in SENDS:
            return Trust(OWN_ACCOUNT, "only the own account can send to it")
        region = source.split(":")[3] if source.count(":") > 4 else ""
        for hole in self._holes:
            if hole.subject.region in ("", "global", region) or hole.subject.native == source:
                return Trust(hole.gap, "it could not be listed")
        if kind == "bucket" or (account, region) not in self._seen:
            said = f"the {kind} {source.rpartition(':')[2]} is not among those that were collected"
            return Trust(Gap("", "out_of_scope", said, "", account, region), said)
        return Trust(OWN_ACCOUNT, "it is gone, so nothing sends to it")


def _after_blocks(share: Share, found: Trust) -> Trust:
    """The same after Block Public Access, and with what an access list adds."""
    if found.rank >= TRUSTS.index(INTERNET_AUTHENTICATED) and found.word in (
        INTERNET_ANONYMOUS,
        INTERNET_AUTHENTICATED,
    ):
        blocked = share.policy_blocked_by
        if isinstance(blocked, Gap):
            return Trust(blocked, "what may block its policy could not be read")
        if blocked:
            found = Trust(OWN_ACCOUNT, f"{blocked} makes void what its policy would open")
    listed, list_blocked = share.access_list, share.access_list_blocked_by
    if isinstance(listed, Gap):
        return worst([found, Trust(listed, "its access list could not be read")])
    if any(each.startswith(("WRITE ", "FULL_CONTROL ")) for each in listed):
        if isinstance(list_blocked, Gap):
            return worst([found, Trust(list_blocked, "what may block its access list could not be read")])
        if not list_blocked:
            return worst([found, Trust(INTERNET_ANONYMOUS, f"its access list grants {' and '.join(listed)}")])
    return found
