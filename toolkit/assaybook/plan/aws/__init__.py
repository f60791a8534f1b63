"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, copies, data, discovery, identity, interfaces, monitoring, secrets, stores

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
    *secrets.CALLS,
    *stores.CALLS,
    *copies.CALLS,
    *discovery.CALLS,
)
