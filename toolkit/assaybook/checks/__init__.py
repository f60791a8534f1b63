"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_secure_coding,
    b_data_security,
    c_access_control,
    d_alerting,
    d_audit,
    d_monitoring,
    d_objects,
    e_dependencies,
    f_incident_response,
    f_readiness,
    g_native_services,
    g_posture,
    g_provider_services,
    x_challenges,
    x_regions,
    x_stores,
)

ALL = collect_checks(
    [
        a_secure_coding,
        b_data_security,
        c_access_control,
        d_alerting,
        d_monitoring,
        d_objects,
        d_audit,
        e_dependencies,
        f_incident_response,
        f_readiness,
        g_native_services,
        g_posture,
        g_provider_services,
        x_challenges,
        x_regions,
        x_stores,
    ]
)
