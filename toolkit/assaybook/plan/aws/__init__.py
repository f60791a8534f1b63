"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import alerting, compute, data, identity, interfaces, monitoring, posture, records

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
    *alerting.CALLS,
    *posture.CALLS,
    *records.CALLS,
)
