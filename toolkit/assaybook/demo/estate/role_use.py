"""What the roles of functions have used of their rights, as IAM tells it in reports that are made first."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer
from ..emulator.exchange import Exchange
from .identities import ATTACHED, GRANTS

MADE = datetime(2026, 11, 16, 9, tzinfo=UTC)
USED = datetime(2026, 11, 15, 6, 30, tzinfo=UTC)
# Rights that a role has and does not use: the service, and the day on which it last did, if ever.
IDLE: dict[str, dict[str, datetime | None]] = {
    "customer-erasure": {"s3": None},
    "ops-cleanup": {"lambda": datetime(2026, 4, 2, 9, tzinfo=UTC), "s3": None},
    "orders-api": {"events": None},
}
# Actions that IAM tracks one by one, with those that the role has never called.
TRACKED = {"lambda": ("ListFunctions", "DeleteFunction"), "s3": ("ListBucket", "DeleteBucket")}
EVERYTHING = ("dynamodb", "ec2", "iam", "kms", "lambda", "logs", "s3", "sqs")
NAMES = {"dynamodb": "Amazon DynamoDB", "logs": "Amazon CloudWatch Logs", "s3": "Amazon S3", "lambda": "AWS Lambda"}


class RoleReports:
    """Reports that were asked for, by their number."""

    def __init__(self) -> None:
        self._roles: dict[str, str] = {}

    def start(self, asked: Exchange) -> Answer:
        """The number of a report that is being made."""
        role = str(asked.params["Arn"])
        digits = hashlib.sha256(role.encode()).hexdigest()
        number = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))
        self._roles[number] = role.rpartition("/")[2]
        return {"JobId": number}

    def report(self, asked: Exchange) -> Answer:
        """A report, which is ready at once."""
        role = self._roles[str(asked.params["JobId"])]
        found = [_service(role, each) for each in _services(role)]
        about = {
            "JobStatus": "COMPLETED",
            "JobType": "ACTION_LEVEL",
            "JobCreationDate": MADE,
            "JobCompletionDate": MADE,
        }
        return {**about, "ServicesLastAccessed": found, "IsTruncated": False}


def _services(role: str) -> list[str]:
    if "AdministratorAccess" in "".join(ATTACHED.get(role, ())):
        return sorted(EVERYTHING)
    granted = json.dumps([each["Action"] for each in GRANTS.get(role, ())])
    return sorted({"logs", *(action.partition(":")[0] for actions in json.loads(granted) for action in actions)})


def _service(role: str, service: str) -> dict[str, Any]:
    never = service in ("ec2", "iam", "kms", "sqs") and role == "ops-admin"
    last = IDLE.get(role, {}).get(service, None if never else USED)
    made: dict[str, Any] = {
        "ServiceName": NAMES.get(service, service),
        "ServiceNamespace": service,
        "TotalAuthenticatedEntities": 1 if last else 0,
    }
    if last:
        made |= {"LastAuthenticated": last, "LastAuthenticatedEntity": f"arn:aws:iam::111122223333:role/{role}"}
    if last and service in TRACKED:
        used, unused = TRACKED[service]
        made["TrackedActionsLastAccessed"] = [{"ActionName": used, "LastAccessedTime": last}, {"ActionName": unused}]
    return made
