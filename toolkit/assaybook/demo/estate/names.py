"""Names that many parts of the estate share: the account, its regions, how ARNs and tags are written, values that look secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

ACCOUNT = "111122223333"
LOG_ARCHIVE = "444455556666"
PARTNER = "777788889999"
STRANGER = "999988887777"
ORGANISATION = "o-nw4shopdemo"
US, EU = "us-east-1", "eu-west-1"
REGIONS = (US, EU)
READER = f"arn:aws:sts::{ACCOUNT}:assumed-role/assaybook-reader/demo"


def function_arn(name: str, region: str = US) -> str:
    """The ARN of a function."""
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"


def arn(service: str, resource: str, region: str = US) -> str:
    """The ARN of something else in the account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def role_arn(name: str) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


PRODUCTION = {"environment": "production", "team": "shop"}


def _secrets() -> dict[str, tuple[str, ...]]:
    # In pieces, so that no scanner takes this file, or the recording, for a leak. None of them opens anything.
    return {
        "cloud key": ("AK", "IA", "DEMO", "NORTH", "WIND", "7Q3"),
        "payment key": ("sk", "_li", "ve_", "51Demo", "Northwind", "NotAKey", "8842"),
        "database address": (
            "postgres",
            "://ledger:",
            "n0rth",
            "w1nd",
            "-Demo-77",
            "@ledger.cluster",
            ".internal:5432/ledger",
        ),
        "mail token": ("SG", ".demoNorthwind", "Mail0001", ".", "notARealToken", "ForAnyMailbox42"),
        "agent key": ("4f1c", "d0e9", "7b3a", "4e58", "9c6d", "1a2b", "0f7e", "63d5"),
        "signing secret": ("dEmo", "-hM4c-", "9f2b7c", "-signing"),
    }


SECRET_PIECES = _secrets()


def secret(name: str) -> str:
    """A synthetic value that a detector must find."""
    return "".join(SECRET_PIECES[name])


@dataclass
class Builder:
    """Clients by service and region, and the calls that no emulator has, kept as answers."""

    session: boto3.Session
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = US) -> Any:
        """The client of a service in a region."""
        if (service, region) not in self.clients:
            make: Any = self.session.client
            self.clients[service, region] = make(service, region_name=region)
        return self.clients[service, region]


Part = Callable[[Builder], None]
