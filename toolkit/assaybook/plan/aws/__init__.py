"""The plan for AWS: every call that an assessment makes, as data."""

from .. import Call
from . import compute, data, identity, interfaces, monitoring, network
from . import compute, data, federation, identity, interfaces, monitoring, organisation, pipelines

CALLS: tuple[Call, ...] = (
    *compute.CALLS,
    *interfaces.CALLS,
    *identity.CALLS,
    *federation.CALLS,
    *organisation.CALLS,
    *pipelines.CALLS,
    *data.CALLS,
    *monitoring.CALLS,
    *network.CALLS,
)
