"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, data, flows, functions, identity, interfaces, monitoring, network

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *functions.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *flows.CALLS,
    *monitoring.CALLS,
    *network.CALLS,
)
