"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, data, identity, interfaces, monitoring, organisation

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *organisation.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
)
