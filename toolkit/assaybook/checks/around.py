"""The account around a principal as a check sees it: roles, users and keys, looked up one by one so that each reading is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..evidence import EvidenceGap, Row
from ..policy.access import Resource
from ..policy.bearers import Bearer, bearer
from ..policy.document import parse_policy
from ..tables.data import Key
from ..tables.identity import Principal
from ..tables.trust import TrustedName
from ..watched import Watched

T = TypeVar("T")
Item = TypeVar("Item")
R = TypeVar("R", bound=Row)


class Around:
    """Surroundings for `escalations` out of the evidence.

    A path that is found decides in spite of gaps elsewhere; so what could be read is searched, a gap is kept, and `complete` raises it where none was found.
    """

    def __init__(self, evidence: Watched, account: str) -> None:
        self._evidence = evidence
        self._account = account
        self._gap: EvidenceGap | None = None
        self._named_before: dict[tuple[str, ...], list[Bearer]] = {}
        self._bearers: dict[str, Bearer] = {}

    def complete(self) -> None:
        """Raises the first EvidenceGap that the search ran into, if it did."""
        if self._gap is not None:
            raise self._gap

    def trusting(self, service: str) -> Sequence[Bearer]:
        """The roles that a service may assume."""
        return self._named(service)

    def naming(self, *names: str) -> Sequence[Bearer]:
        """The roles whose trust policy names one of these: an ARN, an account, `*` for everyone."""
        return self._named(*names)

    def roles(self) -> Sequence[Bearer]:
        """All roles that no service owns."""
        return [one for one in self._principals("role") if not one.service_linked]

    def users(self) -> Sequence[Bearer]:
        """All users."""
        return self._principals("user")

    def encryption_keys(self) -> Sequence[Resource]:
        """The customer-managed keys with their policies."""
        rows = self._found(Key, managed_by="customer")
        return [one for one in self._each(self._key, rows) if one is not None]

    def _key(self, row: Key) -> Resource | None:
        if not row.policy:
            return None
        return Resource(row.key, self._account, parse_policy(row.policy), "the key policy", decides_alone=True)

    def _principals(self, kind: str) -> list[Bearer]:
        return self._each(self._bearer, self._found(Principal, kind=kind))

    def _named(self, *names: str) -> list[Bearer]:
        if names not in self._named_before:
            rows = self._found(TrustedName, named=frozenset(names))
            roles = sorted(set(self._each(lambda row: row.role, rows)))
            self._named_before[names] = self._each(
                lambda role: self._bearer(self._evidence.one(Principal, role)), roles
            )
        return self._named_before[names]

    def _bearer(self, row: Principal) -> Bearer:
        """One for each row: the same role is asked about on many paths."""
        if row.key not in self._bearers:
            self._bearers[row.key] = bearer(row)
        return self._bearers[row.key]

    def _found(self, table: type[R], **scope: object) -> Sequence[R]:
        found, gap = self._evidence.seen(table, account=self._account, **scope)
        self._gap = self._gap or gap
        return found

    def _each(self, make: Callable[[Item], T], given: Iterable[Item]) -> list[T]:
        made: list[T] = []
        for each in given:
            try:
                made.append(make(each))
            except EvidenceGap as gap:
                self._gap = self._gap or gap
        return made
