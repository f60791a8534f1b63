"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_secure_coding,
    b_data_security,
    c_access_control,
    d_monitoring,
    e_dependencies,
    f_incident_response,
    g_native_services,
    g_provider_services,
    g_vendors,
    x_challenges,
    x_stores,
)

ALL = collect_checks(
    [
        a_secure_coding,
        b_data_security,
        c_access_control,
        d_monitoring,
        e_dependencies,
        f_incident_response,
        g_native_services,
        g_provider_services,
        g_vendors,
        x_challenges,
        x_stores,
    ]
)
