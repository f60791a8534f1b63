"""How wide a condition value is: does it name an account, an organisation, a network, or everybody.

Each function takes a value pattern and whether its wildcards count (StringEquals takes them literally), and gives
what is left of the callers. Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from .compare import Network, network, plain
from .match import arn_parts, covers, has_wildcard
from .reach import Holder, Narrowing, Reach, narrows, never, nothing, undecided

_ACCOUNT = re.compile(r"\d{12}")
_ACCOUNT_INSIDE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
# The ARN of a bucket or of objects in it holds no account, so that asterisks in place of one name the same bucket.
_BUCKET_BY_NAME = re.compile(r"(?!accesspoint|job|storage-lens|async-request)[a-z0-9.-]+(?:/.*)?", re.DOTALL)
_NETWORK_ID = re.compile(r"vpce?-[0-9a-z]+")
_UNIQUE_ID = re.compile(r"A(?:ROA|IDA)[A-Z0-9]{12,}(?::.*)?", re.DOTALL)
# A range as large as this (an IPv4 /8, an IPv6 /32) belongs to a provider's customers at large, not to one office.
_WIDE = {4: 1 << 24, 6: 1 << 96}
_NOT_PUBLIC_4 = [
    ipaddress.IPv4Network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")
]
_NOT_PUBLIC_6 = [ipaddress.IPv6Network(one) for one in ("fc00::/7", "fe80::/10", "::1/128")]
OWN_ORGANISATION = "o-own-organisation"


def account_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value that stands for account ids."""
    if has_wildcard(pattern):
        return nothing(f"{pattern} is not one account") if wild else _literal_wildcard(pattern)
    return _account(plain(pattern), holder) or undecided(f"{pattern!r} is not an account id")


def _literal_wildcard(pattern: str) -> Narrowing:
    return never(f"{pattern} is compared letter by letter, and no request carries a wildcard")


def _account(text: str, holder: Holder) -> Narrowing | None:
    if not _ACCOUNT.fullmatch(text):
        return None
    if text == holder.account:
        return narrows(Reach.OWN_ACCOUNT, "its own account")
    return narrows(Reach.OTHER_ACCOUNT, f"account {text}", text)


def organisation_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value that stands for organisation ids, or for organisation paths that begin with one."""
    root = pattern.split("/", 1)[0]
    if has_wildcard(pattern) and not wild:
        return _literal_wildcard(pattern)
    if has_wildcard(root):
        if covers(root, "o-??????????") or covers(root, "o-*"):
            return nothing(f"{pattern} matches any organisation")
        return undecided(f"which organisations {pattern} matches")
    name = plain(root)
    if name in (holder.organisation, OWN_ORGANISATION):
        return narrows(Reach.ORGANISATION, "its own organisation")
    if not _ORGANISATION.fullmatch(name):
        return undecided(f"{name!r} is not an organisation id")
    if holder.organisation is None:
        found = narrows(Reach.ORGANISATION, f"organisation {name}")
        return replace(found, note=f"whether {name} is the own organisation is not known")
    return narrows(Reach.OTHER_ACCOUNT, f"organisation {name}", name)


def arn_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value that stands for ARNs: it narrows if it names one account, or a global name such as a bucket."""
    if has_wildcard(pattern) and not wild:
        return _literal_wildcard(pattern)
    parts = arn_parts(pattern)
    if parts is None:
        return _not_six_parts(pattern)
    account, resource = parts[4], parts[5]
    if has_wildcard(account):
        if _BUCKET_BY_NAME.fullmatch(resource) and plain(parts[2]) == "s3":
            return _global_wildcard(pattern, parts[2])
        return nothing(f"{pattern} names no account, so anyone can make a resource that matches")
    if account:
        return _account(plain(account), holder) or undecided(f"whose {pattern} is")
    if has_wildcard(resource):
        return _global_wildcard(pattern, parts[2])
    if has_wildcard(parts[2]):
        return nothing(f"{pattern} names no service and no account")
    return narrows(Reach.SERVICE, f"{pattern}, which names no account", services=(f"{parts[2]}.amazonaws.com",))


def _global_wildcard(pattern: str, service: str) -> Narrowing:
    if service == "s3" and not has_wildcard(pattern.split(":", 5)[5].split("/", 1)[0]):
        return narrows(Reach.SERVICE, f"{pattern}, which names no account", services=("s3.amazonaws.com",))
    return nothing(f"{pattern} names no account, so anyone can make a resource that matches")


def _not_six_parts(pattern: str) -> Narrowing:
    if not has_wildcard(pattern):
        return undecided(f"{pattern!r} is not an ARN")
    if _ACCOUNT_INSIDE.search(pattern):
        return undecided(f"whether {pattern} holds callers to one account")
    return nothing(f"{pattern} names no account")


def network_id_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value that stands for VPC or VPC endpoint ids, which AWS gives out, so that nobody can choose one."""
    if has_wildcard(pattern):
        return nothing(f"{pattern} matches anybody's") if wild else _literal_wildcard(pattern)
    if _NETWORK_ID.fullmatch(plain(pattern)):
        return narrows(Reach.ANYONE, f"callers through {pattern}")
    return undecided(f"{pattern!r} is neither a VPC nor an endpoint")


def user_id_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value of aws:userid: an unique id narrows, what follows its colon is the caller's own choice."""
    if has_wildcard(pattern) and not wild:
        return _literal_wildcard(pattern)
    if not has_wildcard(pattern.split(":", 1)[0]):
        found = _account(plain(pattern), holder)
        if found or _UNIQUE_ID.fullmatch(pattern):
            return found or narrows(Reach.ANYONE, f"the principal with the id {pattern}")
    return nothing(f"{pattern} names no principal")


def subject_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A token's subject (`repo:owner/name:...`): it narrows if what follows the kind begins with fixed text."""
    if has_wildcard(pattern) and not wild:
        return _literal_wildcard(pattern)
    fixed = re.split(r"[*?]", pattern, maxsplit=1)[0]
    kind, colon, name = fixed.partition(":")
    if not has_wildcard(pattern) or (colon and kind and len(name) > 1):
        return narrows(Reach.OWN_ACCOUNT, f"the subject {pattern}")
    return nothing(f"{pattern} matches the subjects of strangers")


def token_width(pattern: str, wild: bool, holder: Holder) -> Narrowing:
    """A value that only its owner knows or was given, such as an event source token or a client id."""
    if has_wildcard(pattern):
        return _almost_anything(pattern) if wild else _literal_wildcard(pattern)
    return narrows(Reach.OWN_ACCOUNT, "callers that hold the value")


def _almost_anything(pattern: str) -> Narrowing:
    fixed = pattern.replace("*", "").replace("?", "")
    if len(fixed) >= 12:
        return narrows(Reach.OWN_ACCOUNT, "callers that hold the value")
    return nothing(f"{pattern} matches almost anything")


def address_width(values: Iterable[str]) -> Narrowing:
    """All ranges of one aws:SourceIp condition together: halves of the internet add up."""
    read = [(value, network(value)) for value in values]
    for value, found in read:
        if found is None:
            return undecided(f"{value!r} is not a range of addresses")
    ranges = [found for _, found in read if found is not None]
    for version, limit in _WIDE.items():
        kept = [one for one in ranges if one.version == version and not _private(one)]
        size = sum(one.num_addresses for one in _merged(kept))
        if size >= limit:
            shown = ", ".join(str(one) for one in _merged(kept)[:3])
            return nothing(f"{shown} is as good as the internet")
    if not ranges:
        return never("no range is given, so nothing matches")
    return narrows(Reach.ANYONE, "callers from " + ", ".join(sorted(str(one) for one in ranges)))


def _private(one: Network) -> bool:
    if isinstance(one, ipaddress.IPv4Network):
        return any(one.subnet_of(other) for other in _NOT_PUBLIC_4)
    return any(one.subnet_of(other) for other in _NOT_PUBLIC_6)


def _merged(ranges: list[Network]) -> list[Network]:
    four = [one for one in ranges if isinstance(one, ipaddress.IPv4Network)]
    six = [one for one in ranges if isinstance(one, ipaddress.IPv6Network)]
    return [*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six)]
