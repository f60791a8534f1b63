"""What to ask about identities: IAM, the account itself, its organisation."""

from .. import Call, Poll

CALLS = (
    Call(
        "iam:GetAccountAuthorizationDetails",
        items="RoleDetailList",
        scope="global",
        drop=("Policies.*.PolicyVersionList.*.CreateDate",),
        plan="lean",
        why="every role, user, group and managed policy with its document, in a handful of calls",
    ),
    Call(
        "iam:GetAccountSummary",
        scope="global",
        plan="lean",
        why="second source: counts of users and roles, root access keys",
    ),
    Call(
        "iam:GetCredentialReport",
        scope="global",
        poll=Poll("iam:GenerateCredentialReport", "State", "COMPLETE"),
        plan="lean",
        why="age and last use of access keys, root included",
    ),
    Call(
        "iam:GetServiceLastAccessedDetails",
        items="ServicesLastAccessed",
        each="lambda:ListFunctions",
        over="Functions[?Version=='$LATEST']",
        take={"Arn": "Role"},
        give={"Granularity": "ACTION_LEVEL"},
        poll=Poll(
            "iam:GenerateServiceLastAccessedDetails",
            "JobStatus",
            "COMPLETED",
            seconds=300.0,
            carry="JobId",
            failed="FAILED",
        ),
        absent=("NoSuchEntity", "NoSuchEntityException"),
        bucket="iam:GetServiceLastAccessedDetails",
        why="which services and actions each role of functions has used; one report for each role, made and read in a bucket of its own",
    ),
    Call(
        "account:GetAlternateContact",
        scope="global",
        give={"AlternateContactType": "SECURITY"},
        absent=("ResourceNotFoundException",),
        drop=("AlternateContact.PhoneNumber",),
        plan="lean",
        why="whether AWS can reach the security team",
    ),
    Call(
        "organizations:DescribeOrganization",
        scope="global",
        not_enabled=("AWSOrganizationsNotInUseException",),
        plan="lean",
        why="the organisation that conditions may name",
    ),
)
