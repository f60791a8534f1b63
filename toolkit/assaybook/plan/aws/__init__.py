"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import (
    compute,
    copies,
    data,
    discovery,
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
    stores,
)

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *functions.CALLS,
    *interfaces.CALLS,
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
