"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_secrets,
    a_secure_coding,
    b_copies,
    b_data_security,
    b_keys,
    b_privacy,
    b_register,
    b_transport,
    c_access_control,
    c_store_grants,
    d_monitoring,
    e_dependencies,
    f_incident_response,
    g_native_services,
    g_provider_services,
    x_challenges,
    x_openings,
    x_passages,
    x_stores,
)

ALL = collect_checks(
    [
        a_secure_coding,
        a_secrets,
        b_data_security,
        b_copies,
        b_keys,
        b_privacy,
        b_register,
        b_transport,
        c_access_control,
        c_store_grants,
        d_monitoring,
        e_dependencies,
        f_incident_response,
        g_native_services,
        g_provider_services,
        x_challenges,
        x_openings,
        x_passages,
        x_stores,
    ]
)
