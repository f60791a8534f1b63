"""Sessions and clients of AWS: the standard credential chain, assumed roles, one client for each service and region."""

from __future__ import annotations

import os
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, cast

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from .. import __version__
from .errors import CollectError
from .scope import AssumedAccount, Limits

HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
ROLE_SECONDS = 3600


def session_for(profile: str | None) -> boto3.Session:
    """A session with the standard credential chain, or with a profile. Raises CollectError for a profile that cannot be used."""
    try:
        return boto3.Session(profile_name=profile or None)
    except BotoCoreError as problem:
        raise CollectError(
            f"profile {profile!r} cannot be used ({problem}). Look into ~/.aws/config, or name another with --profile."
        ) from problem


def assumed_session(source: Session, account: AssumedAccount) -> Session:
    """A session in the role of a further account; its credentials are fetched at the first call and renewed before they expire.

    It takes over what watches the source's calls, and shares its loader of service models, which is most of what a session costs.
    """
    region = source.get_config_variable("region") or HOME_REGIONS["aws"]
    extra: dict[str, Any] = {"RoleSessionName": "assaybook", "DurationSeconds": ROLE_SECONDS}
    if account.external_id:
        extra["ExternalId"] = account.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(source.create_client, region_name=region),
        source_credentials=source.get_credentials(),
        role_arn=account.role_arn,
        extra_args=extra,
    )
    made: Any = botocore.session.get_session()
    made._credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
    made.register_component("data_loader", source.get_component("data_loader"))
    made.register_component("event_emitter", copy(source.get_component("event_emitter")))
    made.set_config_variable("region", region)
    return cast("Session", made)


def emulated() -> bool:
    """Whether calls go to an address of the user's own (AWS_ENDPOINT_URL), where AWS's quotas and completeness cannot be counted on."""
    return any(name.startswith("AWS_ENDPOINT_URL") and value for name, value in os.environ.items())


@dataclass(slots=True)
class Account:
    """An account that is collected from: who asks, since which day (UTC), and its clients, which are costly to make and therefore kept."""

    session: Session
    limits: Limits
    id: str = ""
    principal: str = ""
    partition: str = "aws"
    regions: tuple[str, ...] = ()
    day: date = date.min
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The region that answers for services without regions."""
        return HOME_REGIONS.get(self.partition, str(self.session.get_config_variable("region") or "us-east-1"))

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region. Clients are made in one thread and used from all."""
        found = self._clients.get((service, region))
        if found is None:
            maker: Any = self.session.create_client
            found = maker(service, region_name=region, config=_config(self.limits))
            self._clients[service, region] = found
        return found

    def known_in(self, service: str, region: str) -> bool:
        """Whether botocore's own list says that a service is in a region; a service without a list counts as everywhere."""
        listed = self.session.get_available_regions(service, partition_name=self.partition)
        return not listed or region in listed

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()


def _config(limits: Limits) -> Config:
    # Retries are the engine's own: botocore's standard mode gives up on most throttled calls once its client-wide quota is spent.
    settings: dict[str, Any] = {
        "connect_timeout": limits.connect,
        "read_timeout": limits.read,
        "retries": {"total_max_attempts": 1, "mode": "standard"},
        "max_pool_connections": limits.calls,
        "user_agent_extra": f"assaybook/{__version__}",
    }
    if emulated():
        settings["s3"] = {"addressing_style": "path"}
    return Config(**settings)
