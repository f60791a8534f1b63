"""Facts that age: read from dated files that say where they come from, when that was read, and when to read it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar, get_type_hints, overload

from .dated_entries import (
    AbandonedPackage,
    ActionService,
    EscalationPath,
    KnownAdvisory,
    LayerPublisher,
    PolicyDocuments,
    PopularPackages,
    ReportedTopic,
    Runtime,
    Scanner,
    ServiceAccounts,
    TokenIssuer,
)
from .strict_yaml import YamlError, line_of, load_yaml

Name = Literal[
    "abandoned_packages",
    "aws_actions",
    "aws_escalation_paths",
    "aws_managed_policies",
    "aws_runtimes",
    "aws_service_accounts",
    "aws_vendor_accounts",
    "known_advisories",
    "popular_packages",
    "reported_topics",
    "token_issuers",
    "vulnerability_scanners",
]

Entry = TypeVar(
    "Entry",
    ActionService,
    EscalationPath,
    PolicyDocuments,
    AbandonedPackage,
    KnownAdvisory,
    PopularPackages,
    ReportedTopic,
    Runtime,
    LayerPublisher,
    Scanner,
    ServiceAccounts,
    TokenIssuer,
)


@dataclass(frozen=True, slots=True)
class Dated(Generic[Entry]):
    """One file of facts. `read` is the day on which the source was read; `entries` keeps the order of the file."""

    name: str
    title: str
    read: date
    renew_within_days: int
    source: str
    entries: Mapping[str, Entry]

    def stale(self, day: date) -> str:
        """A sentence if the facts are older on that day than they may be, else empty."""
        due = self.read + timedelta(days=self.renew_within_days)
        if day <= due:
            return ""
        return (
            f"The data file {self.name} ({self.title}) was read from its source on {self.read.isoformat()} and was due "
            f"to be renewed by {due.isoformat()}; what rests on it may be out of date."
        )


_KINDS: Mapping[Name, type[Any]] = {
    "abandoned_packages": AbandonedPackage,
    "aws_actions": ActionService,
    "aws_escalation_paths": EscalationPath,
    "aws_managed_policies": PolicyDocuments,
    "aws_runtimes": Runtime,
    "aws_service_accounts": ServiceAccounts,
    "aws_vendor_accounts": LayerPublisher,
    "known_advisories": KnownAdvisory,
    "popular_packages": PopularPackages,
    "reported_topics": ReportedTopic,
    "token_issuers": TokenIssuer,
    "vulnerability_scanners": Scanner,
}
NAMES: tuple[Name, ...] = tuple(_KINDS)


@overload
def load_dated(name: Literal["abandoned_packages"]) -> Dated[AbandonedPackage]: ...
@overload
def load_dated(name: Literal["known_advisories"]) -> Dated[KnownAdvisory]: ...
@overload
def load_dated(name: Literal["popular_packages"]) -> Dated[PopularPackages]: ...
@overload
def load_dated(name: Literal["reported_topics"]) -> Dated[ReportedTopic]: ...
@overload
def load_dated(name: Literal["aws_actions"]) -> Dated[ActionService]: ...
@overload
def load_dated(name: Literal["aws_escalation_paths"]) -> Dated[EscalationPath]: ...
@overload
def load_dated(name: Literal["aws_managed_policies"]) -> Dated[PolicyDocuments]: ...
@overload
def load_dated(name: Literal["aws_runtimes"]) -> Dated[Runtime]: ...
@overload
def load_dated(name: Literal["aws_service_accounts"]) -> Dated[ServiceAccounts]: ...
@overload
def load_dated(name: Literal["aws_vendor_accounts"]) -> Dated[LayerPublisher]: ...
@overload
def load_dated(name: Literal["token_issuers"]) -> Dated[TokenIssuer]: ...
@overload
def load_dated(name: Literal["vulnerability_scanners"]) -> Dated[Scanner]: ...
def load_dated(name: Name) -> Any:
    """The facts of that name, as they came with assaybook: runtimes by id, the others by a short name.

    Raises YamlError with file and line if the file is not as it must be, ValueError if there is no such file.
    """
    return _packaged(name)


@cache
def _packaged(name: Name) -> Dated[Any]:
    if name not in _KINDS:
        raise ValueError(f"there is no data file {name!r}; there are {', '.join(NAMES)}")
    return parse_dated(name, (files(__package__) / "data" / f"{name}.yaml").read_text(encoding="utf-8"))


def stale(name: Name, day: date) -> str:
    """A sentence if that data file is older on that day than it may be, else empty."""
    return _packaged(name).stale(day)


def stale_data(day: date) -> tuple[str, ...]:
    """One sentence for each data file that is older on that day than it may be."""
    return tuple(said for name in NAMES if (said := stale(name, day)))


def token_issuer(address: str) -> TokenIssuer | None:
    """Who issues tokens under that address (without https://); None if the data file does not know it."""
    known = load_dated("token_issuers").entries.values()
    return next((each for each in known if fnmatchcase(address.lower(), each.issuer)), None)


@cache
def _publishers() -> Mapping[str, LayerPublisher]:
    known = load_dated("aws_vendor_accounts").entries.values()
    return MappingProxyType({account: publisher for publisher in known for account in publisher.accounts})


def layer_publisher(account: str) -> LayerPublisher | None:
    """Who publishes layers under that account; None if the data file does not know it."""
    return _publishers().get(account)


@cache
def _services() -> Mapping[str, str]:
    known = load_dated("aws_service_accounts").entries.values()
    return MappingProxyType({account: each.service for each in known for account in each.accounts})


def service_account(account: str) -> str:
    """The service of AWS that delivers from that account; empty if the data file does not know it."""
    return _services().get(account, "")


def parse_dated(name: Name, text: str) -> Dated[Any]:
    """The text of a data file as facts. Raises YamlError with file and line for whatever the schema does not foresee."""
    origin = f"data/{name}.yaml"
    value = load_yaml(text, origin)
    top = _mapping(value, text, origin, ())
    _exact(top, ("title", "read", "renew_within_days", "source", "entries"), text, origin, ())
    days = top["renew_within_days"]
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise _error(text, origin, ("renew_within_days",), "is a whole number of days, at least 1")
    read = _value(date, top["read"], text, origin, ("read",))
    entries: dict[str, Any] = {}
    listed = _mapping(top["entries"], text, origin, ("entries",))
    for key, entry in listed.items():
        entries[key] = _entry(_KINDS[name], entry, text, origin, ("entries", key))
    if not entries:
        raise _error(text, origin, ("entries",), "holds no entry")
    _refuse_shared(entries, text, origin)
    return Dated(
        name=name,
        title=_value(str, top["title"], text, origin, ("title",)),
        read=read,
        renew_within_days=days,
        source=_value(str, top["source"], text, origin, ("source",)),
        entries=MappingProxyType(entries),
    )


def _entry(kind: type[Any], value: object, text: str, origin: str, place: tuple[str, ...]) -> Any:
    given = _mapping(value, text, origin, place)
    names = tuple(each.name for each in fields(kind))
    _exact(given, names, text, origin, place)
    hints = get_type_hints(kind)
    values = {each: _value(hints[each], given[each], text, origin, (*place, each)) for each in names}
    try:
        return kind(**values)
    except ValueError as wrong:
        raise _error(text, origin, place, str(wrong)) from wrong


def _value(hint: object, value: object, text: str, origin: str, place: tuple[str, ...]) -> Any:
    if hint is str:
        if isinstance(value, str):
            return value
        raise _error(text, origin, place, "is a string")
    if hint == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        raise _error(text, origin, place, "is a list of strings")
    if value is None and hint != date:
        return None
    if hint == int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _error(text, origin, place, "is a whole number")
    # A datetime is a date to isinstance, and says more than a source does.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _error(text, origin, place, "is a day such as 2026-01-31")


def _mapping(value: object, text: str, origin: str, place: Sequence[str]) -> dict[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _error(text, origin, place, "is a mapping with names as keys")
    return value


def _exact(given: Mapping[str, object], names: Sequence[str], text: str, origin: str, place: Sequence[str]) -> None:
    for key in given:
        if key not in names:
            raise _error(text, origin, (*place, key), "is no key of the schema")
    for key in names:
        if key not in given:
            raise _error(text, origin, place, f"lacks the key {key}")


def _refuse_shared(entries: Mapping[str, object], text: str, origin: str) -> None:
    owners: dict[str, str] = {}
    for key, entry in entries.items():
        for account in entry.accounts if isinstance(entry, LayerPublisher) else ():
            if account in owners:
                raise _error(text, origin, ("entries", key), f"names the account {account}, as {owners[account]} does")
            owners[account] = key


def _error(text: str, origin: str, place: Sequence[str], what: str) -> YamlError:
    subject = ".".join(place) or "the file"
    return YamlError(origin, line_of(text, place), f"{subject} {what}")
