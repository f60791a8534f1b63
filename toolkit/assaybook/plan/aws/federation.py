"""What to ask about how people and pipelines come in: providers, Identity Center, the password policy, the length of sessions."""

from .. import Call

CALLS = (
    Call(
        "iam:ListOpenIDConnectProviders",
        items="OpenIDConnectProviderList",
        scope="global",
        why="issuers of tokens that roles may trust",
    ),
    Call("iam:ListSAMLProviders", items="SAMLProviderList", scope="global", why="federations of people"),
    Call(
        "iam:GetAccountPasswordPolicy",
        scope="global",
        absent=("NoSuchEntity", "NoSuchEntityException"),
        why="what passwords of console users must be like",
    ),
    Call(
        "iam:ListRoles",
        items="Roles",
        scope="global",
        keep="{Roles: Roles[].{Arn: Arn, RoleName: RoleName, MaxSessionDuration: MaxSessionDuration}}",
        why="the longest session of each role, which no other listing tells",
    ),
    Call("sso-admin:ListInstances", items="Instances", why="Identity Center, in the one region that has it"),
)
