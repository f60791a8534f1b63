"""Rows about the networks that workloads are attached to."""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Row


@dataclass(frozen=True, kw_only=True)
class NetworkAttachment(Row):
    """A workload's attachment to a network of ours; its key is the key of the workload.

    `zones` are the availability zones of `subnets`; `public_subnets` those of them with a route to an internet gateway. `open_groups` names each
    rule of its security groups that lets it connect to the whole internet. `way_out` says where the routes for the rest of the world lead:
    empty for nowhere, internet gateway, NAT gateway, firewall (an endpoint of a firewall or of a gateway load balancer), or the id of something
    behind which this account's routes do not show what follows. `endpoints` names the services that are reached without leaving the network.
    """

    workload: str
    network: str
    subnets: tuple[str, ...]
    zones: tuple[str, ...]
    public_subnets: tuple[str, ...]
    open_groups: tuple[str, ...]
    way_out: str
    endpoints: tuple[str, ...]
