"""Roles and users as the search for escalation paths sees them, and the account in which it looks for those that hold more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..tables.identity import Principal, Role
from .access import Resource
from .document import ALLOW, Policy, parse_policy
from .gains import administers
from .held import held
from .identity import Permissions
from .requester import Requester


@dataclass(frozen=True, eq=False)
class Bearer:
    """A role or a user with its rights. `policies` has the ARNs of customer-managed policies that it carries, `functions` what runs under it.

    `administrator` says whether it is as good as one; `console` whether a user has a password.
    """

    arn: str
    name: str
    user: bool
    held: Permissions
    trust: Policy | None = None
    functions: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    console: bool = False
    bounded: bool = False
    service_linked: bool = False
    organisation: str | None = None
    administrator: bool = False

    @property
    def account(self) -> str:
        """The account that it belongs to."""
        return self.arn.split(":")[4]

    @property
    def requester(self) -> Requester:
        """The same as one who makes requests."""
        return Requester(self.arn, self.held, self.service_linked, self.organisation)

    def as_resource(self) -> Resource:
        """The role as something that can be assumed."""
        return Resource(self.arn, self.account, self.trust, f"the trust policy of {self.name}", decides_alone=True)

    def __str__(self) -> str:
        return f"{'user' if self.user else 'role'} {self.name}"


class Surroundings(Protocol):
    """The account around a principal, as far as paths lead into it; each answer leaves the principal itself out or not."""

    def trusting(self, service: str) -> Sequence[Bearer]:
        """The roles that a service (`lambda.amazonaws.com`) may assume."""
        ...

    def naming(self, *names: str) -> Sequence[Bearer]:
        """The roles whose trust policy names one of these: an ARN, an account, `*` for everyone."""
        ...

    def roles(self) -> Sequence[Bearer]:
        """All roles that no service owns."""
        ...

    def users(self) -> Sequence[Bearer]:
        """All users."""
        ...

    def encryption_keys(self) -> Sequence[Resource]:
        """The customer-managed KMS keys with their policies."""
        ...


def bearer(row: Principal, organisation: str | None = None) -> Bearer:
    """A row as a bearer. Reads the row's policies, limits, trust, functions, groups and console access."""
    rights = held(row)
    return Bearer(
        arn=row.key,
        name=row.name,
        user=row.kind == "user",
        held=rights,
        trust=parse_policy(row.trust.text) if row.trust else None,
        functions=tuple(row.workloads),
        policies=tuple(each.arn for each in row.policies if each.arn and not each.managed_by_provider),
        groups=tuple(row.groups),
        console=row.console,
        bounded=row.boundary is not None,
        service_linked=row.service_linked,
        organisation=organisation,
        administrator=administers(rights),
    )


def workload(row: Role) -> Bearer:
    """The role of a workload as a bearer. Reads the row's policies, limits, trust and functions."""
    rights = held(row)
    return Bearer(
        arn=row.key,
        name=row.name,
        user=False,
        held=rights,
        trust=parse_policy(row.trust.text),
        functions=tuple(row.workloads),
        policies=tuple(each.arn for each in row.policies if each.arn and not each.managed_by_provider),
        bounded=row.boundary is not None,
        administrator=administers(rights),
    )


def trusted_names(trust: Policy) -> frozenset[str]:
    """What the Allow statements of a trust policy name: service principals, ARNs, account ids, `*`; conditions aside."""
    found: set[str] = set()
    for statement in trust.statements:
        if statement.effect != ALLOW:
            continue
        if statement.not_principals is not None:
            found.add("*")
        for principal in statement.principals or ():
            parts = principal.name.split(":", 5)
            whole = len(parts) == 6 and parts[5] == "root"
            found.add(parts[4] if whole else principal.name)
    return frozenset(found)


class Account:
    """Surroundings made of bearers that are all at hand."""

    def __init__(self, bearers: Iterable[Bearer], keys: Sequence[Resource] = ()) -> None:
        self._bearers = sorted(bearers, key=lambda one: (not one.administrator, one.arn))
        self._keys = tuple(keys)
        self._named: dict[str, list[Bearer]] = {}
        for one in self._bearers:
            for name in trusted_names(one.trust) if one.trust else ():
                self._named.setdefault(name, []).append(one)

    def trusting(self, service: str) -> Sequence[Bearer]:
        """The roles that a service may assume."""
        return self._named.get(service, [])

    def naming(self, *names: str) -> Sequence[Bearer]:
        """The roles whose trust policy names one of these."""
        return list(dict.fromkeys(one for name in names for one in self._named.get(name, [])))

    def roles(self) -> Sequence[Bearer]:
        """All roles that no service owns."""
        return [one for one in self._bearers if not one.user and not one.service_linked]

    def users(self) -> Sequence[Bearer]:
        """All users."""
        return [one for one in self._bearers if one.user]

    def encryption_keys(self) -> Sequence[Resource]:
        """The keys that were given."""
        return self._keys
