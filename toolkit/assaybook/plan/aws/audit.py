"""What to ask about records: who changed functions, where logs go, which queries are ready, what runs outside the scope."""

from typing import Any

from .. import Call, Lead
from .compute import UNPUBLISHED

# Of each event the members that say who changed what, and from where; addresses and parameters are not kept.
CHANGE = (
    "{Events: Events[].{EventName: EventName, EventTime: EventTime, Detail: CloudTrailEvent.{userAgent: userAgent,"
    " sessionCredentialFromConsole: sessionCredentialFromConsole, errorCode: errorCode,"
    " functionName: requestParameters.functionName, userIdentity: userIdentity.{type: type, arn: arn, userName: userName,"
    " invokedBy: invokedBy, issuer: sessionContext.sessionIssuer.userName}}}}"
)
# The tags by which the configuration's defaults call a function critical; what other words do is not known to a plan.
CRITICAL = (
    "ResourceTagMappingList[?contains(ResourceARN, ':lambda:') && Tags[?contains(['criticality', 'critical', 'tier'], lower(Key))"
    " && contains(['critical', 'high', 'true', 'yes', '1', 'tier-1', 'tier1'], lower(Value))]]"
    ".{Group: join('', ['/aws/lambda/', split(ResourceARN, ':')[6]])}"
)


def _lookup(name: str, event: str, why: str) -> Call:
    given: dict[str, Any] = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": event}]}
    return Call(
        "cloudtrail:LookupEvents",
        id=f"cloudtrail:LookupEvents/{name}",
        items="Events",
        give=given,
        bucket="cloudtrail:LookupEvents",
        decode=("Events.*.CloudTrailEvent",),
        keep=CHANGE,
        why=why,
    )


CALLS = (
    _lookup("code", "UpdateFunctionCode20150331v2", "who changed the code of functions in the last 90 days"),
    _lookup(
        "configuration",
        "UpdateFunctionConfiguration20150331v2",
        "who changed the configuration of functions in the last 90 days",
    ),
    _lookup("permission", "AddPermission20150331v2", "who let others invoke functions in the last 90 days"),
    Call(
        "logs:DescribeAccountPolicies",
        items="accountPolicies",
        may_omit=True,
        give={"policyType": "SUBSCRIPTION_FILTER_POLICY"},
        absent=("ResourceNotFoundException",),
        why="where all log groups of the region send their events, in one answer",
    ),
    Call(
        "logs:DescribeSubscriptionFilters",
        items="subscriptionFilters",
        each="resourcegroupstaggingapi:GetResources",
        over=CRITICAL,
        take={"logGroupName": "Group"},
        also=(
            Lead(
                "lambda:ListFunctions",
                over=UNPUBLISHED,
                take={"logGroupName": "LoggingConfig.LogGroup"},
                when="LoggingConfig.LogGroup && LoggingConfig.LogGroup != join('', ['/aws/lambda/', FunctionName])",
            ),
        ),
        absent=("ResourceNotFoundException",),
        why="where the logs of a critical function go: a call for each function that is tagged critical, and for each group that functions chose for themselves",
    ),
    Call(
        "logs:DescribeSubscriptionFilters",
        id="logs:DescribeSubscriptionFilters/all",
        items="subscriptionFilters",
        each="logs:DescribeLogGroups",
        take={"logGroupName": "logGroupName"},
        absent=("ResourceNotFoundException",),
        plan="full",
        why="where every log group sends its events: a call for each",
    ),
    Call(
        "logs:DescribeQueryDefinitions",
        items="queryDefinitions",
        may_omit=True,
        keep="{queryDefinitions: (queryDefinitions || `[]`)[].{name: name, lastModified: lastModified}}",
        why="saved queries over logs",
    ),
    Call("athena:ListWorkGroups", items="WorkGroups", may_omit=True, why="where queries over records are kept"),
    Call(
        "athena:ListNamedQueries",
        items="NamedQueryIds",
        may_omit=True,
        each="athena:ListWorkGroups",
        take={"WorkGroup": "Name"},
        why="saved queries over records in buckets",
    ),
    Call(
        "lambda:ListFunctions",
        id="lambda:ListFunctions/elsewhere",
        items="Functions",
        scope="elsewhere",
        keep="{Functions: Functions[].{FunctionName: FunctionName}}",
        why="functions in enabled regions that nobody put into the scope",
    ),
)
