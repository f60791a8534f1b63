"""Area E, external APIs: each host that the environment of a function names is known to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.compute import EnvironmentVariable
from ..watched import Watched

# Names under which nobody outside answers: AWS's own, the own machine, and those that are set apart for private use.
# Sources: AWS General Reference, "Service endpoints"; RFC 6761, special-use domain names; RFC 8375 (home.arpa); ICANN resolution 2024.07.29.06 (internal).
NOT_EXTERNAL = ("*.amazonaws.com", "*.amazonaws.com.cn", "*.on.aws", "*.api.aws", "*.aws.amazon.com", "localhost")
PRIVATE = ("*.localhost", "*.local", "*.internal", "*.home.arpa", "*.test", "*.invalid", "*.example")


@check("external-host-unlisted", over=EnvironmentVariable)
def external_host_unlisted(variable: EnvironmentVariable, evidence: Watched) -> Verdict:
    """Each external host that the environment of a function names is on the register of external APIs."""
    host = _host(variable.clear)
    named = f"{variable.name} of {variable.subject}"
    if not host:
        return na(f"{named} names no host outside AWS")
    register = evidence.parameter("external_apis")
    if register is None:
        return review(f"{named} names {host}; no register of external APIs is declared, so a person has to know it")
    owner = owner_of(host, register)
    if owner is None:
        return fail(
            f"{named} names {host}, which is not on the register of external APIs: nobody answers for what goes there"
        )
    return ok(f"{named} names {host}, which is on the register ({owner})")


def _host(value: str) -> str:
    """The external host of an address; empty for what is no address, or one inside AWS, the own network or the own machine."""
    try:
        host = (urlsplit(value).hostname or "") if "://" in value else ""
    except ValueError:
        return ""
    return host if is_external(host) else ""


def is_external(host: str) -> bool:
    """Whether a host is another party's: not AWS's own, not the own machine or network."""
    # Addresses by number and single words are those of a network, not of a party that a register could name.
    if "." not in host or not host.rpartition(".")[2].isalpha():
        return False
    return not any(fnmatchcase(host, each) for each in (*NOT_EXTERNAL, *PRIVATE))


def owner_of(host: str, register: Mapping[str, str]) -> str | None:
    """Who answers for a host by the register; None if nobody does."""
    return next((owner for pattern, owner in register.items() if fnmatchcase(host, pattern.lower())), None)
