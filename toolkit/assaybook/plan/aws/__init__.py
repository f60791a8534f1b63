"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, data, identity, interfaces, monitoring, network

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
    *network.CALLS,
)
