"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_secure_coding,
    b_data_security,
    b_functions,
    c_access_control,
    d_functions,
    d_monitoring,
    e_dependencies,
    e_functions,
    f_functions,
    f_incident_response,
    g_native_services,
    g_network,
    g_provider_services,
    x_challenges,
    x_inventory,
    x_stores,
)

ALL = collect_checks(
    [
        a_secure_coding,
        b_data_security,
        b_functions,
        c_access_control,
        d_functions,
        d_monitoring,
        e_dependencies,
        e_functions,
        f_incident_response,
        f_functions,
        g_native_services,
        g_network,
        g_provider_services,
        x_challenges,
        x_inventory,
        x_stores,
    ]
)
