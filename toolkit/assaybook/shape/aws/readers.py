"""Which environments can read a secret, from the rows of roles, workloads and secrets. A row for each secret keeps a check from walking through all roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...evidence import Gap, Hole, Row
from ...policy.document import PolicyError
from ...policy.identity import Permissions, permissions
from ...policy.truth import Truth
from ...tables.compute import Workload
from ...tables.identity import Role
from ...tables.secrets import Secret, SecretUse

READ_SECRET = "secretsmanager:GetSecretValue"


def shape_readers(rows: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """A SecretUse row for each secret of our own."""
    workloads: dict[str, Workload] = {}
    roles: defaultdict[str, list[Role]] = defaultdict(list)
    secrets: list[Secret] = []
    unseen: dict[str, Gap] = {}
    for row in rows:
        if isinstance(row, Workload):
            workloads[row.key] = row
        elif isinstance(row, Role):
            roles[row.subject.account].append(row)
        elif isinstance(row, Secret):
            secrets.append(row)
        elif isinstance(row, Hole) and row.table in (Role, Workload):
            unseen.setdefault(row.subject.account, row.gap)
        elif isinstance(row, Hole) and row.table is Secret:
            yield Hole(SecretUse, row.gap, row.subject, row.parent)
    readers = {account: [_Reader(each, workloads) for each in found] for account, found in roles.items()}
    for secret in secrets:
        if not secret.owner:
            account = secret.subject.account
            yield _use(secret, readers.get(account, ()), unseen.get(account))


class _Reader:
    """A role with the environments of its workloads and, once asked, what it may do."""

    def __init__(self, role: Role, workloads: Mapping[str, Workload]) -> None:
        self.name = role.name
        self.environments = _environments(role, workloads)
        self._role = role
        self._held: Any = None

    def reads(self, secret: str) -> Any:
        """Whether its own policies surely allow to read the secret; the gap if they are not known."""
        if self._held is None:
            self._held = _permissions(self._role)
        if isinstance(self._held, Gap):
            return self._held
        return self._held.allows(READ_SECRET, secret).granted is Truth.TRUE


def _environments(role: Role, workloads: Mapping[str, Workload]) -> Any:
    """What the tags of a role's workloads say of production: True, False, or both; the gap if one is not known."""
    keys: Any = role.workloads
    if isinstance(keys, Gap):
        return keys
    found: list[Any] = [workloads[each].production for each in keys if each in workloads]
    gap = next((each for each in found if isinstance(each, Gap)), None)
    return gap or frozenset(each for each in found if each is not None)


def _permissions(role: Role) -> Permissions | Gap:
    policies: Any = role.policies
    boundary: Any = role.boundary
    for each in (policies, boundary):
        if isinstance(each, Gap):
            return each
    try:
        return permissions([each.text for each in policies], boundary=boundary.text if boundary else None)
    except PolicyError as problem:
        where = role.subject
        return Gap("", "failed", f"a policy of {role.name} cannot be read: {problem}", "", where.account, where.region)


def _use(secret: Secret, readers: Sequence[_Reader], unseen: Gap | None) -> SecretUse:
    inside, outside = _named(secret, readers, True, unseen), _named(secret, readers, False, unseen)
    return SecretUse(
        key=secret.key,
        subject=secret.subject,
        sources=secret.sources,
        setting=secret.setting,
        name=secret.name,
        production_roles=inside,
        other_roles=outside,
    )


def _named(secret: Secret, readers: Sequence[_Reader], production: bool, unseen: Gap | None) -> Any:
    """The roles of one kind of environment that can read the secret; the gap if none surely can and one is not known."""
    found: list[str] = []
    lost = unseen
    for reader in readers:
        if isinstance(reader.environments, Gap):
            lost = lost or reader.environments
        elif production in reader.environments:
            reads = reader.reads(secret.key)
            if isinstance(reads, Gap):
                lost = lost or reads
            elif reads:
                found.append(reader.name)
    return lost if lost is not None and not found else tuple(sorted(found))
