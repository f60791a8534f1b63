"""The checks: one pure function for each, in the module of its area."""

from ..check import collect_checks
from . import (
    a_least_privilege,
    a_role_use,
    a_secret_readers,
    a_secure_coding,
    b_data_security,
    c_access_control,
    c_changes,
    c_federation,
    c_identities,
    c_sign_in,
    d_monitoring,
    e_dependencies,
    f_containment,
    f_incident_response,
    g_native_services,
    g_network,
    g_organisation,
    g_provider_services,
    x_challenges,
    x_stores,
)

ALL = collect_checks(
    [
        a_role_use,
        a_least_privilege,
        a_secret_readers,
        a_secure_coding,
        b_data_security,
        c_access_control,
        c_changes,
        c_federation,
        c_identities,
        c_sign_in,
        d_monitoring,
        e_dependencies,
        f_containment,
        f_incident_response,
        g_native_services,
        g_network,
        g_organisation,
        g_provider_services,
        x_challenges,
        x_stores,
    ]
)
