"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import (
    compute,
    copies,
    data,
    discovery,
    edges,
    federation,
    flows,
    functions,
    identity,
    interfaces,
    monitoring,
    network,
    organisation,
    pipelines,
    secrets,
    sign_in,
    stores,
)

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *functions.CALLS,
    *interfaces.CALLS,
    *edges.CALLS,
    *sign_in.CALLS,
    *identity.CALLS,
    *federation.CALLS,
    *organisation.CALLS,
    *pipelines.CALLS,
    *data.CALLS,
    *flows.CALLS,
    *monitoring.CALLS,
    *network.CALLS,
    *secrets.CALLS,
    *stores.CALLS,
    *copies.CALLS,
    *discovery.CALLS,
)
