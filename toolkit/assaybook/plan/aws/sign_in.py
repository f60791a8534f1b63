"""What to ask Amazon Cognito: how people sign up and in, for which applications, and what guests may do."""

from .. import Call

GONE = ("ResourceNotFoundException",)
MOST = 60

CALLS = (
    Call("cognito-idp:ListUserPools", items="UserPools", give={"MaxResults": MOST}, why="user pools"),
    Call(
        "cognito-idp:DescribeUserPool",
        each="cognito-idp:ListUserPools",
        take={"UserPoolId": "Id"},
        absent=GONE,
        drop=("UserPool.SmsConfiguration.ExternalId",),
        why="sign-up, passwords, second factor and protection of a user pool",
    ),
    Call(
        "cognito-idp:ListUserPoolClients",
        items="UserPoolClients",
        each="cognito-idp:ListUserPools",
        take={"UserPoolId": "Id"},
        give={"MaxResults": MOST},
        absent=GONE,
        why="applications that sign people in",
    ),
    Call(
        "cognito-idp:DescribeUserPoolClient",
        each="cognito-idp:ListUserPoolClients",
        take={"UserPoolId": "UserPoolId", "ClientId": "ClientId"},
        absent=GONE,
        drop=("UserPoolClient.ClientSecret",),
        why="flows, callbacks and token life of an application",
    ),
    Call(
        "wafv2:GetWebACLForResource",
        id="wafv2:GetWebACLForResource/pool",
        each="cognito-idp:DescribeUserPool",
        over="[UserPool]",
        take={"ResourceArn": "Arn"},
        absent=("WAFNonexistentItemException",),
        why="the web ACL of each user pool",
    ),
    Call(
        "cognito-identity:ListIdentityPools",
        items="IdentityPools",
        give={"MaxResults": MOST},
        why="identity pools, which hand out credentials of AWS",
    ),
    Call(
        "cognito-identity:DescribeIdentityPool",
        each="cognito-identity:ListIdentityPools",
        take={"IdentityPoolId": "IdentityPoolId"},
        absent=GONE,
        why="whether guests get credentials, and by which flow",
    ),
    Call(
        "cognito-identity:GetIdentityPoolRoles",
        each="cognito-identity:ListIdentityPools",
        take={"IdentityPoolId": "IdentityPoolId"},
        absent=GONE,
        why="the roles of guests and of people who signed in",
    ),
)
