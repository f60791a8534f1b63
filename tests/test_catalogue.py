"""The catalogue that comes with assaybook is whole: each control, each framework id, one home for each check."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assaybook.catalogue import Catalogue, CatalogueError, load_catalogue
from assaybook.model import Severity

NUMBERS = {
    "A1": 6, "A2": 6, "A3": 6, "B1": 6, "B2": 6, "B3": 5, "C1": 7, "C2": 6, "C3": 5,
    "D1": 7, "D2": 6, "D3": 5, "E1": 8, "E2": 6, "E3": 6, "F1": 6, "F2": 4, "F3": 6,
    "G1": 6, "G2": 5, "G3": 5, "XA": 2, "XB": 5, "XC": 2, "XD": 2, "XE": 3,
}  # fmt: skip
IDS = [f"{practice}-{number:02d}" for practice, last in NUMBERS.items() for number in range(1, last + 1)]
KINDS = ("auto", "hybrid", "manual")
# Of each area: auto, hybrid, manual; critical, high, medium, low, info.
COUNTS = {
    "A": ((13, 4, 1), (1, 7, 9, 1, 0)),
    "B": ((9, 8, 0), (0, 7, 8, 2, 0)),
    "C": ((11, 5, 2), (2, 10, 4, 2, 0)),
    "D": ((13, 4, 1), (0, 7, 8, 3, 0)),
    "E": ((12, 5, 3), (0, 7, 9, 4, 0)),
    "F": ((3, 5, 8), (0, 5, 8, 3, 0)),
    "G": ((12, 2, 2), (0, 5, 7, 4, 0)),
    "X": ((9, 2, 3), (2, 2, 7, 2, 1)),
}
# How many framework ids each practice bears on, and how many pairs each framework is part of.
PAIRS_OF_PRACTICES = {
    "A1": 36, "A2": 31, "A3": 36, "B1": 46, "B2": 34, "B3": 32, "C1": 52, "C2": 53, "C3": 49,
    "D1": 54, "D2": 52, "D3": 45, "E1": 49, "E2": 23, "E3": 26, "F1": 41, "F2": 15, "F3": 46,
    "G1": 49, "G2": 29, "G3": 34, "XA": 10, "XB": 22, "XC": 16, "XD": 21, "XE": 21,
}  # fmt: skip
PAIRS_OF_FRAMEWORKS = {
    "aws_fsbp": 91,
    "aws_wa_security_pillar": 60,
    "aws_wa_serverless_lens": 12,
    "cis_aws_compute_1_0": 17,
    "cis_aws_foundations_3_0": 45,
    "cis_aws_foundations_5_0": 45,
    "cis_aws_foundations_7_0": 45,
    "csa_ccm_4_1": 72,
    "csa_serverless_12": 38,
    "iso_27001_2022": 78,
    "mitre_attack_cloud": 61,
    "nist_800_53_r5": 106,
    "nist_csf_2_0": 67,
    "owasp_api_2023": 16,
    "owasp_serverless_2017": 32,
    "pci_dss_4_0": 90,
    "soc2_tsc_2017": 47,
}
HOMES = {
    "declared-and-deployed-differ": "XB-01",
    "another-tool-reports-broad-rights": "A3-01",
    "another-tool-reports-error-details": "A1-05",
    "another-tool-reports-exposed-store": "XE-01",
    "another-tool-reports-injection": "A1-01",
    "another-tool-reports-logged-data": "B2-03",
    "another-tool-reports-open-entry": "C1-04",
    "another-tool-reports-request-forgery": "E3-05",
    "another-tool-reports-unchecked-owner": "C1-06",
    "another-tool-reports-unencrypted-store": "B1-01",
    "another-tool-reports-unpinned-package": "E1-03",
    "another-tool-reports-unverified-token": "C1-05",
    "another-tool-reports-unverified-transport": "B3-03",
    "another-tool-reports-vulnerable-package": "E1-01",
    "another-tool-reports-weak-cryptography": "B1-05",
    "another-tool-reports-written-secret": "A2-02",
    "access-analyzer-missing": "G1-03",
    "error-details-returned": "A1-05",
    "secret-taken-from-environment": "A2-03",
    "granted-service-never-called": "A3-04",
    "weak-cryptography-in-code": "B1-05",
    "request-data-left-behind": "B1-06",
    "call-without-verified-tls": "B3-03",
    "token-not-verified": "C1-05",
    "object-owner-not-checked": "C1-06",
    "client-built-with-static-key": "C3-01",
    "credential-passed-on": "C3-05",
    "log-lines-not-correlated": "D2-06",
    "host-in-code-unlisted": "E3-01",
    "external-answer-not-validated": "E3-02",
    "external-call-without-timeout": "E3-03",
    "webhook-sender-not-verified": "E3-04",
    "access-key-too-old": "C3-02",
    "access-key-unused": "C3-02",
    "access-log-format-incomplete": "D2-03",
    "admin-rights-on-workload-role": "A3-01",
    "build-started-by-strangers": "C3-03",
    "console-user-without-mfa": "C2-02",
    "attack-path": "XA-02",
    "blast-radius": "XB-05",
    "trigger-cycle": "E2-04",
    "trigger-edge-unmarked": "XA-01",
    "critical-workload-without-alarm": "D1-01",
    "critical-workload-without-data-events": "D3-01",
    "data-statement-on-all-resources": "A3-05",
    "backup-not-encrypted": "B1-04",
    "data-kept-too-long": "B2-04",
    "data-register-entry-incomplete": "B2-01",
    "data-register-outdated": "B2-01",
    "database-with-public-address": "XE-01",
    "api-cache-not-encrypted": "B1-01",
    "app-client-implicit-grant": "C1-05",
    "app-client-insecure-callback": "C1-05",
    "app-client-reveals-accounts": "C1-05",
    "app-client-tokens-live-long": "C1-05",
    "app-client-tokens-not-revocable": "C1-05",
    "authorizer-answer-shared": "C1-05",
    "backend-cannot-tell-gateway": "B3-05",
    "backend-reached-without-tls": "B3-03",
    "certificate-expiring": "B3-04",
    "certificate-key-weak": "B3-04",
    "certificate-renewal-failed": "B3-04",
    "cors-credentials-for-any-origin": "C1-04",
    "edge-without-log": "D2-03",
    "endpoint-without-current-tls": "B3-01",
    "error-response-leaks": "A1-05",
    "evidence-kept-too-short": "F3-01",
    "external-host-unlisted": "E3-01",
    "event-data-reaches-sink": "A1-01",
    "handler-input-not-validated": "A1-02",
    "event-of-trigger-not-validated": "A1-03",
    "event-or-secret-in-log": "B2-03",
    "secret-in-answer": "C3-05",
    "external-answer-reaches-sink": "E3-02",
    "request-to-address-from-event": "E3-05",
    "evidence-not-protected": "F3-02",
    "failed-events-lost": "D1-06",
    "function-changed-by-unexpected-principal": "C2-03",
    "code-history-not-kept": "F3-03",
    "code-not-signed": "E1-04",
    "concurrency-not-bounded": "E2-02",
    "entry-not-traced": "D1-07",
    "environment-not-separated": "XB-04",
    "function-not-invoked": "E1-08",
    "function-not-managed": "XB-01",
    "function-not-traced": "D1-07",
    "function-without-logs": "D2-01",
    "function-without-required-tags": "XB-02",
    "alarm-reaches-nobody": "D1-02",
    "configuration-not-recorded": "D3-02",
    "critical-logs-stay-in-account": "D2-05",
    "dependencies-not-locked": "E1-03",
    "dependency-outside-registry": "E1-03",
    "detection-never-tried": "F2-03",
    "package-given-up": "E1-06",
    "package-licence-not-allowed": "E1-06",
    "package-name-lookalike": "E1-06",
    "registry-not-trusted": "E1-03",
    "updates-not-automated": "E1-07",
    "vulnerable-package": "E1-01",
    "findings-not-routed": "D1-04",
    "function-changed-by-person": "D3-03",
    "function-scanner-off": "G1-04",
    "grant-to-unlisted-account": "C1-03",
    "identity-unused": "C2-06",
    "graphql-query-unbounded": "E2-03",
    "guests-over-privileged": "C1-05",
    "identity-pool-classic-flow": "C1-05",
    "internal-api-open": "C1-07",
    "inventory-count-differs": "XB-01",
    "invocation-open-to-anyone": "C1-01",
    "jwt-authorizer-without-audience": "C1-05",
    "key-not-rotated": "B1-03",
    "key-policy-open-to-anyone": "B1-03",
    "key-unusable-while-used": "B1-03",
    "layer-version-missing": "E1-05",
    "log-retention-outside-limits": "D2-02",
    "no-active-audit-trail": "D2-04",
    "organisation-guardrail-missing": "G1-06",
    "password-policy-weak": "C2-02",
    "administrator-outside-federation": "C2-02",
    "policy-attached-to-user": "C2-02",
    "pod-role-of-several-namespaces": "G2-03",
    "people-outside-federation": "C2-02",
    "permission-unused": "A3-04",
    "pipeline-trust-too-wide": "C3-03",
    "pipeline-without-approval": "C2-04",
    "plaintext-secret-in-build": "A2-02",
    "secret-written-into-code": "A2-02",
    "access-key-written-into-code": "C3-01",
    "no-cost-alarm": "D1-05",
    "no-saved-query": "F3-06",
    "outside-access-undecided": "G1-03",
    "plaintext-secret-in-environment": "A2-01",
    "privileged-session-too-long": "C3-04",
    "privilege-escalation-path": "A3-02",
    "personal-data-in-message-schema": "B2-02",
    "plaintext-secret-in-state-machine": "A2-02",
    "production-data-in-test": "B2-05",
    "proxy-accepts-plaintext": "B3-02",
    "public-access-not-blocked": "XE-01",
    "public-api-without-throttle": "E2-01",
    "public-endpoint-without-auth": "C1-01",
    "public-store": "XE-01",
    "responders-cannot-contain": "F1-04",
    "records-not-joinable": "F3-04",
    "recursive-loop-allowed": "E2-04",
    "origin-not-signed": "B3-05",
    "plaintext-secret-in-stage-variable": "A2-02",
    "request-not-validated": "A1-02",
    "role-shared-by-workloads": "A3-03",
    "role-trust-to-unlisted-account": "C1-03",
    "role-without-workload": "G2-05",
    "root-access-key": "C3-02",
    "route-without-authorizer": "C1-04",
    "runtime-held-back": "E1-02",
    "second-active-access-key": "C3-02",
    "secret-readable-too-widely": "A2-05",
    "secret-kept-as-plain-parameter": "A2-03",
    "secret-not-rotated": "A2-04",
    "secret-shared-across-environments": "A2-03",
    "secret-unused": "A2-04",
    "security-contact-missing": "F1-03",
    "sensitive-data-discovery-off": "B2-06",
    "sensitive-environment-without-own-key": "A2-06",
    "sensitive-log-not-masked": "B2-03",
    "sensitive-state-in-logs-or-plain-queue": "XE-02",
    "sensitive-store-without-own-key": "B1-02",
    "security-event-not-alerted": "D1-03",
    "security-standards-off": "G1-03",
    "sensitive-bucket-without-data-events": "D3-01",
    "service-grant-without-source": "C1-02",
    "service-wildcard-on-workload-role": "A3-01",
    "sign-up-open-undeclared": "C1-05",
    "stage-logs-payloads": "B2-03",
    "stage-without-access-log": "D2-03",
    "static-credential-beside-identity": "G2-01",
    "store-accepts-plaintext": "B3-02",
    "store-grant-to-unlisted-account": "C1-03",
    "store-grant-without-source": "C1-02",
    "store-missing-from-data-register": "B2-01",
    "store-not-encrypted": "B1-01",
    "store-without-required-tags": "XB-02",
    "store-without-deletion-protection": "B1-04",
    "store-without-recovery": "B1-04",
    "subscription-over-plain-http": "B3-02",
    "threat-detection-off": "G1-01",
    "timeout-too-long": "E2-03",
    "tls-verification-switched-off": "B3-03",
    "trigger-bound-to-unpublished-code": "D3-04",
    "trigger-without-target": "E1-08",
    "threat-finding-open": "D1-04",
    "trail-without-own-key": "D2-05",
    "unsupported-runtime": "E1-02",
    "untrusted-layer": "E1-05",
    "user-pool-password-weak": "C1-05",
    "user-pool-without-second-factor": "C1-05",
    "user-pool-without-threat-protection": "C1-05",
    "web-entry-without-firewall": "G1-02",
    "workload-federation-too-wide": "G2-03",
    "workload-role-trusts-others": "A3-06",
    "workload-outside-scope": "XB-03",
    "workload-without-vulnerability-scan": "G3-01",
    "critical-workload-without-runtime-monitoring": "G3-02",
    "agent-key-in-environment": "G3-03",
    "agent-layer-outdated": "G3-03",
    "vendor-role-with-admin-rights": "G3-03",
    "workload-in-public-subnet": "G1-05",
    "workload-in-one-zone": "G1-05",
    "network-without-endpoint": "G1-05",
    "sensitive-workload-with-open-egress": "XC-02",
}
CITES = {
    "A1-01": ("request-to-address-from-event",),
    "A1-04": ("web-entry-without-firewall",),
    "B1-04": ("public-store",),
    "C2-06": ("role-without-workload",),
    "C3-01": ("plaintext-secret-in-environment", "static-credential-beside-identity"),
    "D2-05": ("evidence-not-protected",),
    "D2-06": ("records-not-joinable",),
    "E1-05": ("invocation-open-to-anyone",),
    "F3-04": ("access-log-format-incomplete",),
    "G1-05": ("sensitive-workload-with-open-egress",),
    "G1-03": ("configuration-not-recorded",),
    "G2-02": ("role-shared-by-workloads",),
    "G3-05": ("agent-layer-outdated",),
    "G2-05": ("identity-unused",),
}
# The thresholds that decide a check, which its home control must name so that a report prints them beside the result.
THRESHOLDS = {
    "access-key-too-old": {"key_max_age_days"},
    "access-key-unused": {"key_unused_days"},
    "app-client-tokens-live-long": {"access_token_max_minutes", "refresh_token_max_days"},
    "certificate-expiring": {"cert_expiry_days"},
    "critical-workload-without-alarm": {
        "critical_tag_keys",
        "critical_tag_values",
        "environment_tag_keys",
        "production_values",
    },
    "critical-logs-stay-in-account": {"critical_tag_keys", "critical_tag_values"},
    "critical-workload-without-data-events": {"critical_tag_keys", "critical_tag_values"},
    "data-statement-on-all-resources": {"nonproduction_values"},
    "evidence-kept-too-short": {"log_retention_min_days", "log_hot_days"},
    "environment-not-separated": {"environment_tag_keys", "production_values", "nonproduction_values"},
    "function-not-invoked": {"unused_days"},
    "function-not-managed": {"managed_tag_keys"},
    "function-without-required-tags": {"owner_tag_keys", "environment_tag_keys", "class_tag_keys", "class_values"},
    "log-retention-outside-limits": {"log_retention_min_days", "log_retention_max_days"},
    "store-without-required-tags": {"owner_tag_keys", "environment_tag_keys", "class_tag_keys", "class_values"},
    "sensitive-bucket-without-data-events": {"class_tag_keys", "sensitive_values"},
    "threat-finding-open": {"finding_triage_days"},
    "unsupported-runtime": {"runtime_warning_days"},
    "administrator-outside-federation": {"breakglass_max"},
    "policy-attached-to-user": {"breakglass_max"},
    "console-user-without-mfa": {"breakglass_max"},
    "identity-unused": {"unused_days"},
    "password-policy-weak": {"password_history", "password_min_length"},
    "people-outside-federation": {"breakglass_max"},
    "permission-unused": {"unused_days"},
    "privileged-session-too-long": {"session_max_hours"},
    "role-without-workload": {"unused_days"},
    "credential-passed-on": {"presigned_url_max_seconds"},
    "data-kept-too-long": {"log_retention_max_days", "sensitive_values"},
    "data-register-outdated": {"document_max_age_days"},
    "secret-not-rotated": {"secret_rotation_max_days"},
    "secret-unused": {"unused_days"},
    "sensitive-store-without-own-key": {"class_tag_keys", "sensitive_values"},
    "user-pool-password-weak": {"user_password_min_length"},
    "vulnerable-package": {"advisory_db_max_age_days", "patch_sla_days"},
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_every_control_is_there_once_and_in_order(catalogue: Catalogue) -> None:
    assert len(IDS) == 137
    assert [control.id for control in catalogue.controls] == IDS
    assert [practice.id for practice in catalogue.practices] == list(NUMBERS)
    assert [area.area for area in catalogue.areas] == list(COUNTS)


def test_kinds_and_severities(catalogue: Catalogue) -> None:
    for letter, (kinds, severities) in COUNTS.items():
        area = catalogue.area(letter)
        counts = catalogue.counts(control for practice in area.practices for control in practice.controls)
        assert tuple(counts.kinds[kind] for kind in KINDS) == kinds, letter
        assert tuple(counts.severities[severity] for severity in Severity) == severities, letter
    assert tuple(catalogue.counts().kinds.values()) == (82, 35, 20)
    assert Counter(method for control in catalogue.controls for method in control.methods) == {
        "test": 112,
        "examine": 24,
        "interview": 9,
    }


def test_every_control_is_decided_somehow(catalogue: Catalogue) -> None:
    counts = catalogue.counts()
    asks = sum(control.kind == "manual" for control in catalogue.controls)
    for control in catalogue.controls:
        assert control.checks or control.pending or control.reference or control.question, control.id
        assert (control.question is not None) == (control.kind != "auto"), control.id
    assert counts.controls == counts.with_checks + counts.pending + counts.references + asks
    assert counts.partial == sum(bool(each.checks and each.pending) for each in catalogue.controls)


def test_the_two_references_repeat_another_control(catalogue: Catalogue) -> None:
    references = {each.id: each.reference for each in catalogue.controls if each.reference}
    assert references == {"A1-04": "G1-02", "XE-03": "B1-06"}
    assert [catalogue.control(id).weight for id in references] == [0, 0]
    assert catalogue.counts().references == 2


def test_every_control_says_what_to_do_at_each_provider(catalogue: Catalogue) -> None:
    silent = {
        (control.id, provider)
        for control in catalogue.controls
        for provider in ("aws", "azure", "gcp")
        if not control.remedy_for(provider)
    }
    # Only resource policies of Lambda grant to services that act for somebody else.
    assert silent == {("C1-02", "azure"), ("C1-02", "gcp")}


def test_framework_ids_exist_and_none_is_described_in_vain(catalogue: Catalogue) -> None:
    used = {(name, id) for practice in catalogue.practices for name, ids in practice.frameworks.items() for id in ids}
    described = {(name, id) for name, framework in catalogue.frameworks.items() for id in framework.ids}
    assert used == described


def test_each_practice_bears_on_its_framework_ids(catalogue: Catalogue) -> None:
    practices = {each.id: sum(map(len, each.frameworks.values())) for each in catalogue.practices}
    frameworks = Counter[str]()
    for practice in catalogue.practices:
        frameworks.update({name: len(ids) for name, ids in practice.frameworks.items()})
    assert practices == PAIRS_OF_PRACTICES
    assert frameworks == PAIRS_OF_FRAMEWORKS
    assert sum(practices.values()) == 922


@pytest.mark.parametrize(
    ("framework", "id", "fits"),
    [
        ("cis_aws_foundations_5_0", "1.10", True),
        ("cis_aws_foundations_5_0", "A.8.28", False),
        ("cis_aws_compute_1_0", "4.13", False),
        ("iso_27001_2022", "A.8.28", True),
        ("mitre_attack_cloud", "T1552.001", True),
        ("mitre_attack_cloud", "T15520", False),
        ("nist_800_53_r5", "ac-6.10", True),
        ("owasp_serverless_2017", "S1:2017", True),
        ("csa_serverless_12", "SAS-13", False),
    ],
)
def test_the_form_of_framework_ids(catalogue: Catalogue, framework: str, id: str, fits: bool) -> None:
    assert bool(re.fullmatch(catalogue.frameworks[framework].pattern, id)) is fits


def test_no_framework_says_more_than_it_may(catalogue: Catalogue) -> None:
    for framework in catalogue.frameworks.values():
        assert framework.relationship == "intersects"
        assert framework.source and framework.license


def test_each_check_has_one_home_and_its_citations(catalogue: Catalogue) -> None:
    assert {check: catalogue.home(check).id for check in catalogue.checks()} == HOMES
    assert {each.id: each.cites for each in catalogue.controls if each.cites} == CITES
    for id, cited in CITES.items():
        for check in cited:
            assert catalogue.home(check).id != id
            assert catalogue.control(id) in catalogue.citing(check)
    assert catalogue.citing("store-not-encrypted") == ()


def test_every_named_check_exists_and_every_check_is_named(catalogue: Catalogue) -> None:
    from assaybook.checks import ALL

    assert sorted(ALL) == list(catalogue.checks())


@pytest.mark.parametrize("check", THRESHOLDS)
def test_the_home_of_a_check_names_its_thresholds(catalogue: Catalogue, check: str) -> None:
    assert set(catalogue.home(check).parameters) >= THRESHOLDS[check]


def test_parameters_and_their_users_name_each_other(catalogue: Catalogue) -> None:
    for name, parameter in catalogue.parameters.items():
        readers = {control.id for control in catalogue.controls if name in control.parameters}
        assert {user for user in parameter.used_by if user in IDS} == readers, name
        assert parameter.used_by and parameter.source


def test_effective_parameters(catalogue: Catalogue) -> None:
    defaults = catalogue.effective()
    assert defaults["log_retention_min_days"] == 365
    assert defaults["log_retention_max_days"] is None
    changed = catalogue.effective({"log_retention_min_days": 30, "patch_sla_days": {"high": 60}})
    assert changed["log_retention_min_days"] == 30
    assert changed["patch_sla_days"] == {"kev": 14, "critical": 15, "high": 60}
    assert {name for name in defaults if defaults[name] != changed[name]} == {
        "log_retention_min_days",
        "patch_sla_days",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"log_retention_days": 30}, "no parameter 'log_retention_days'.*Did you mean log_retention_"),
        ({"log_retention_min_days": 0}, "at least 1; it is 0"),
        ({"log_retention_min_days": None}, "whole number"),
        ({"log_retention_min_days": True}, "whole number"),
        ({"log_retention_min_days": "30"}, "whole number"),
        ({"patch_sla_days": 30}, "under kev, critical, high"),
        ({"patch_sla_days": {"medium": 30}}, "under kev, critical, high"),
        ({"production_values": "prod"}, "list of 1 or more"),
        ({"production_values": []}, "list of 1 or more"),
    ],
)
def test_wrong_overrides_are_refused(catalogue: Catalogue, given: dict[str, object], says: str) -> None:
    with pytest.raises(CatalogueError, match=says) as caught:
        catalogue.effective(given)
    assert caught.value.key in given


def test_positions_follow_the_guide(catalogue: Catalogue) -> None:
    assert [catalogue.position(id) for id in IDS] == list(range(137))
    assert catalogue.position("A1-01") == 0
    assert catalogue.position("XE-03") == 136


def test_questions_that_nothing_answers(catalogue: Catalogue) -> None:
    for ask in (catalogue.control, catalogue.position, catalogue.practice, catalogue.area, catalogue.home):
        with pytest.raises(CatalogueError, match="there is no"):
            ask("C1-99")
    with pytest.raises(CatalogueError, match=r"no control 'C1-011'.*Did you mean C1-01"):
        catalogue.control("C1-011")


def test_the_digest_tells_catalogues_apart(catalogue: Catalogue) -> None:
    assert load_catalogue().digest == catalogue.digest
    assert len(catalogue.digest) >= 64
