"""Calls about workloads, identities and ways in that no template answers, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

IN_USE = "what happened while an account was in use is in no template"
OF_ACCOUNT = "the account as a whole decides it, whatever is deployed into it"
OF_AWS = "AWS makes it when a stack is deployed"

NOT_FROM_TEMPLATES: Mapping[str, str] = {
    "cloudwatch:GetMetricData/invocations": IN_USE,
    "cloudwatch:GetMetricData/log-events": IN_USE,
    "iam:GetServiceLastAccessedDetails": IN_USE,
    "iam:GetCredentialReport": IN_USE,
    "config:SelectResourceConfig": IN_USE,
    "lambda:GetAccountSettings": OF_ACCOUNT,
    "lambda:ListFunctions/elsewhere": OF_ACCOUNT,
    "iam:GetAccountSummary": OF_ACCOUNT,
    "iam:GetAccountPasswordPolicy": OF_ACCOUNT,
    "account:GetAlternateContact": OF_ACCOUNT,
    "sso-admin:ListInstances": OF_ACCOUNT,
    "organizations:DescribeOrganization": OF_ACCOUNT,
    "organizations:ListParents": OF_ACCOUNT,
    "organizations:ListParents/above": OF_ACCOUNT,
    "organizations:ListPoliciesForTarget": OF_ACCOUNT,
    "organizations:ListPoliciesForTarget/above": OF_ACCOUNT,
    "organizations:ListPoliciesForTarget/resource": OF_ACCOUNT,
    "organizations:ListPoliciesForTarget/resource-above": OF_ACCOUNT,
    "organizations:DescribePolicy": OF_ACCOUNT,
    "acm:DescribeCertificate": OF_AWS,
    "acm:DescribeCertificate/edge": OF_AWS,
    "ecr:DescribeImageSigningStatus": OF_AWS,
    "wafv2:DescribeManagedRuleGroup": OF_AWS,
    "wafv2:DescribeManagedRuleGroup/cloudfront": OF_AWS,
}
