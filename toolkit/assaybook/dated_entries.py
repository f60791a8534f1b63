"""The entries of the dated files: what a runtime, a publisher of layers, a path of escalation and the like are declared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Runtime:
    """One Lambda runtime: the days from which AWS no longer maintains it, refuses new functions, refuses updates.

    None means that the source states no day, which is neither support nor the lack of it. `successor` is the runtime that
    the source recommends, empty if it names none.
    """

    deprecated: date | None
    create_blocked: date | None
    update_blocked: date | None
    successor: str


@dataclass(frozen=True, slots=True)
class LayerPublisher:
    """Who publishes public Lambda layers under which accounts.

    `kind` is provider for AWS itself and vendor for everybody else; knowing a vendor's name is no reason to trust its layers.
    """

    owner: str
    product: str
    kind: str
    accounts: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        if self.kind not in ("provider", "vendor"):
            raise ValueError("kind is provider or vendor")
        _check_accounts(self.accounts)


@dataclass(frozen=True, slots=True)
class ServiceAccounts:
    """The accounts of one service of AWS, from which it delivers into the buckets of customers."""

    service: str
    accounts: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_accounts(self.accounts)


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a security product shows on a Lambda function. That it is installed does not show that it works.

    `purpose` is protection, or monitoring where the product only observes unless one of the variables `enabled_by` turns its
    security part on. `layers` are regular expressions for a whole layer ARN; `handlers` are handlers that the product puts in
    place of the function's own; `variables` are environment variables that configure it; `trusted_accounts` are those that a
    role trusts when the product reads the account from outside.

    `keys` are those of its variables that hold its own key in plain text. `released` is a regular expression for the names of the layers that one run of
    numbers counts; of those, versions before `superseded_below` are known to be superseded, for the reason in `superseded_why`, and `newest` was the newest
    when the source was read. Where nothing dated is known of a product's releases they are empty or null. `ended` says that the product is no longer sold
    under its name, empty if it is.
    """

    vendor: str
    product: str
    purpose: str
    layers: tuple[str, ...]
    handlers: tuple[str, ...]
    variables: tuple[str, ...]
    enabled_by: tuple[str, ...]
    trusted_accounts: tuple[str, ...]
    keys: tuple[str, ...]
    released: str
    superseded_below: int | None
    superseded_why: str
    newest: int | None
    ended: str
    source: str

    def __post_init__(self) -> None:
        if self.purpose not in ("protection", "monitoring"):
            raise ValueError("purpose is protection or monitoring")
        if len({bool(self.released), self.superseded_below is not None, self.newest is not None}) > 1:
            raise ValueError("released, superseded_below and newest are given together or not at all")
        for pattern in (*self.layers, self.released):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"the pattern {pattern} is no regular expression: {error}") from error
        _check_accounts(self.trusted_accounts)
        if not (self.layers or self.handlers or self.variables or self.trusted_accounts):
            raise ValueError("nothing says how the product shows")


@dataclass(frozen=True, slots=True)
class PolicyDocuments:
    """The documents of policies that AWS manages, with the page that lists them."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class ActionService:
    """A service whose actions `policy.actions` knows, with the page of the reference that lists them."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """One way from some rights to more.

    `gains` says whose rights are reached: those of a role that is passed to `service` (pass) or that something which exists
    of `service` runs under (take), of a function (function), of the principal itself with a policy of its choice (self) or without its boundary (unbind), of a
    user (user), of a role that is assumed (assume), or use of a key (key). `actions` are all needed, each as `action on what`;
    `given` are condition keys that the one who walks the path would set, each as `key = value`.
    """

    title: str
    gains: str
    service: str
    actions: tuple[str, ...]
    given: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        if self.gains not in ("pass", "take", "function", "self", "unbind", "user", "assume", "key"):
            raise ValueError(f"{self.gains} is nothing that a path gains")
        if (self.gains in ("pass", "take")) is not bool(self.service):
            raise ValueError("a service is named where a role is reached through one, and nowhere else")
        for action in self.actions:
            if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+ on \S+", action):
                raise ValueError(f"{action} is not written as action on what")
        for line in self.given:
            if " = " not in line:
                raise ValueError(f"{line} is not written as key = value")


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """An issuer of tokens, and the form of the subjects that it signs.

    `kind` is pipeline or cluster. `issuer` is a pattern of its address; `subject` a regular expression for the beginning of a subject that names one of a
    customer's things (`names` says which in words), `owner` for one that names the customer, empty where the address already does.
    `claims` are further claims that name the thing.
    """

    product: str
    kind: str
    issuer: str
    owner: str
    subject: str
    names: str
    claims: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        if self.kind not in ("pipeline", "cluster"):
            raise ValueError("kind is pipeline or cluster")
        for pattern in (self.owner, self.subject):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"the pattern {pattern} is no regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class PopularPackages:
    """Names of an ecosystem that are worth imitating, and names near them that are meant as they are."""

    ecosystem: str
    names: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbandonedPackage:
    """A package that is given up, superseded or malicious; in these versions, or in all where none are named."""

    ecosystem: str
    name: str
    versions: tuple[str, ...]
    state: str
    why: str
    instead: str
    source: str

    def __post_init__(self) -> None:
        if self.state not in ("deprecated", "abandoned", "malicious"):
            raise ValueError("state is deprecated, abandoned or malicious")


@dataclass(frozen=True, slots=True)
class KnownAdvisory:
    """A vulnerability in a package under all its names, and the ranges of versions that it affects."""

    ecosystem: str
    package: str
    names: tuple[str, ...]
    severity: str
    published: date
    ranges: tuple[str, ...]
    summary: str

    def __post_init__(self) -> None:
        if self.severity not in ("critical", "high", "medium", "low"):
            raise ValueError("severity is critical, high, medium or low")
        for each in self.ranges:
            if not re.fullmatch(r"\S+( (<=)?\S+)?", each):
                raise ValueError(f"{each} is not written as first and fixed")

    def record(self, name: str) -> dict[str, object]:
        """The same in the form of the Open Source Vulnerability schema."""
        return {
            "id": name,
            "aliases": [each for each in self.names if each != name],
            "summary": self.summary,
            "published": self.published.isoformat(),
            "database_specific": {"severity": self.severity},
            "affected": [
                {
                    "package": {"ecosystem": self.ecosystem, "name": self.package},
                    "ranges": [{"type": "ECOSYSTEM", "events": _events(each)} for each in self.ranges],
                }
            ],
        }


def _events(said: str) -> list[dict[str, str]]:
    first, _, end = said.partition(" ")
    events = [{"introduced": first}]
    if end:
        events.append({"last_affected": end[2:]} if end.startswith("<=") else {"fixed": end})
    return events


@dataclass(frozen=True, slots=True)
class ReportedTopic:
    """What results of other tools are about: the control at which they belong, the rules (`tool:rule`, with wildcards), our checks that ask the same, and the weaknesses (CWE) that name it."""

    control: str
    rules: tuple[str, ...]
    checks: tuple[str, ...]
    weaknesses: tuple[str, ...]

    def __post_init__(self) -> None:
        for each in self.weaknesses:
            if not re.fullmatch(r"CWE-[1-9]\d*", each):
                raise ValueError(f"{each} is not written as CWE-78")


def _check_accounts(accounts: Sequence[str]) -> None:
    for account in accounts:
        if not _ACCOUNT.fullmatch(account):
            raise ValueError(f"{account} is no account id of twelve digits")
