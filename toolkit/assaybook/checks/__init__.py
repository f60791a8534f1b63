"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_gateway,
    a_secure_coding,
    b_data_security,
    b_transport,
    c_access_control,
    c_interfaces,
    c_sign_in,
    d_edges,
    d_monitoring,
    e_dependencies,
    e_interfaces,
    f_incident_response,
    g_native_services,
    g_provider_services,
    x_challenges,
    x_stores,
)

ALL = collect_checks(
    [
        a_gateway,
        a_secure_coding,
        b_data_security,
        b_transport,
        c_access_control,
        c_interfaces,
        c_sign_in,
        d_edges,
        d_monitoring,
        e_dependencies,
        e_interfaces,
        f_incident_response,
        g_native_services,
        g_provider_services,
        x_challenges,
        x_stores,
    ]
)
