"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, data, edges, identity, interfaces, monitoring, sign_in

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *edges.CALLS,
    *sign_in.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
)
