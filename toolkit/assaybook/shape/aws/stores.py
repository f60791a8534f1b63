"""Making Store and Share rows, for the modules that read each kind of store."""

from __future__ import annotations

from typing import Any

from ...tables.data import Share, Store
from .resources import Thing

REFUSES, ACCEPTS, UNDECIDED, BY_POLICY, UNASKED = "refuses", "accepts", "undecided", "policy", "unasked"


def store(
    thing: Thing,
    *,
    encryption: Any,
    by_service: bool = False,
    key_id: Any = "",
    policy: Any = "",
    transport: Any = UNASKED,
    transport_setting: Any = "",
    closed: Any = False,
) -> Store:
    """The Store row of a resource; a value that is not known is its gap."""
    return Store(
        **thing.row,
        **thing.standing,
        kind=thing.kind,
        name=thing.name,
        encryption=encryption,
        by_service=by_service,
        key_id=key_id,
        policy=policy,
        transport=transport,
        transport_setting=transport_setting,
        closed=closed,
    )


def share(
    thing: Thing,
    *,
    policy: Any = "",
    policy_blocked_by: Any = "",
    provider_view: Any = "",
    access_list: Any = (),
    access_list_blocked_by: Any = "",
    shared_with_everybody: Any = False,
    sharing_blocked_by: Any = "",
    website: Any = False,
) -> Share:
    """The Share row of a resource; a value that is not known is its gap."""
    return Share(
        **thing.row,
        kind=thing.kind,
        name=thing.name,
        policy=policy,
        policy_blocked_by=policy_blocked_by,
        provider_view=provider_view,
        access_list=access_list,
        access_list_blocked_by=access_list_blocked_by,
        shared_with_everybody=shared_with_everybody,
        sharing_blocked_by=sharing_blocked_by,
        website=website,
    )
