"""The account around a principal as a check sees it: roles, users and keys, looked up one by one so that each reading is noted."""

from __future__ import annotations

from collections.abc import Sequence

from ..evidence import Watched
from ..policy.access import Resource
from ..policy.bearers import Bearer, bearer
from ..policy.document import parse_policy
from ..tables.data import Key
from ..tables.identity import Principal
from ..tables.trust import TrustedName


class Around:
    """Surroundings for `escalations` out of the evidence. Raises EvidenceGap for what was not collected."""

    def __init__(self, evidence: Watched, account: str) -> None:
        self._evidence = evidence
        self._account = account

    def trusting(self, service: str) -> Sequence[Bearer]:
        """The roles that a service may assume."""
        return self._named(service)

    def naming(self, arn: str) -> Sequence[Bearer]:
        """The roles whose trust policy names the ARN, the account or everyone."""
        return self._named(arn, self._account, "*")

    def roles(self) -> Sequence[Bearer]:
        """All roles that no service owns."""
        found = self._evidence.all(Principal, account=self._account, kind="role")
        return [bearer(row) for row in found if not row.service_linked]

    def users(self) -> Sequence[Bearer]:
        """All users."""
        return [bearer(row) for row in self._evidence.all(Principal, account=self._account, kind="user")]

    def encryption_keys(self) -> Sequence[Resource]:
        """The customer-managed keys with their policies."""
        found = self._evidence.all(Key, account=self._account, managed_by="customer")
        return [
            Resource(row.key, self._account, parse_policy(row.policy), "the key policy", decides_alone=True)
            for row in found
            if row.policy
        ]

    def _named(self, *names: str) -> list[Bearer]:
        found = self._evidence.all(TrustedName, account=self._account, named=frozenset(names))
        return [bearer(self._evidence.one(Principal, role)) for role in sorted({row.role for row in found})]
