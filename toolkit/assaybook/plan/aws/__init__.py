"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import alerting, audit, compute, data, identity, interfaces, monitoring, posture

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
    *alerting.CALLS,
    *posture.CALLS,
    *audit.CALLS,
)
