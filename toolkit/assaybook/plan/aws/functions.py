"""What to ask about each function beyond its configuration: whether it is used and logs, who signed its code, and what costs a call for each one."""

from .. import Call, Lead
from .compute import BY_NAME, NOT_FOUND, OF_PARENT, UNPUBLISHED, name_in, near

# Thirteen whole weeks, the shortest span that holds the 90 days after which a function counts as unused.
METRIC_DAYS = 91
WEEK = 604800
SPAN = {"StartTime": f"$today-{METRIC_DAYS}", "EndTime": "$today", "ScanBy": "TimestampAscending"}
METRICS_IN_ONE_REQUEST = 500
# Services whose loops with a function Lambda detects, beside queues. Source: AWS Lambda Developer Guide, "Use Lambda recursive loop detection".
LOOPING = ("s3", "sns")
MAY_LOOP = " || ".join(f"contains(Policy, '{name}.')" for name in LOOPING)

# How many of each type AWS Config knows; types that it does not record are left out of its answer.
# Source: AWS Config Developer Guide, "Example queries" (count of resources grouped by type).
COUNTED_TYPES = ("AWS::Lambda::Function", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
COUNT_BY_TYPE = (
    "SELECT resourceType, COUNT(*) WHERE resourceType IN ("
    + ", ".join(f"'{each}'" for each in COUNTED_TYPES)
    + ") GROUP BY resourceType"
)

CALLS = (
    Call(
        "config:SelectResourceConfig",
        items="Results",
        may_omit=True,
        give={"Expression": COUNT_BY_TYPE},
        why="a second count of functions and APIs, where AWS Config records them",
    ),
    Call(
        "cloudwatch:GetMetricData",
        id="cloudwatch:GetMetricData/invocations",
        items="MetricDataResults",
        each="lambda:ListFunctions",
        over=UNPUBLISHED,
        take={
            "MetricDataQueries": "{Label: FunctionName, MetricStat: {Metric: {Namespace: 'AWS/Lambda', MetricName: 'Invocations', "
            f"Dimensions: [{{Name: 'FunctionName', Value: FunctionName}}]}}, Period: `{WEEK}`, Stat: 'Sum'}}}}"
        },
        give=SPAN,
        batch=METRICS_IN_ONE_REQUEST,
        batch_into="MetricDataQueries",
        batch_id="Id",
        why="whether a function was invoked in the last thirteen weeks; 500 functions a request, each metric at CloudWatch's price",
    ),
    Call(
        "cloudwatch:GetMetricData",
        id="cloudwatch:GetMetricData/log-events",
        items="MetricDataResults",
        each="lambda:ListFunctions",
        over=f"{UNPUBLISHED}.{{Group: LoggingConfig.LogGroup || join('', ['/aws/lambda/', FunctionName])}}",
        take={
            "MetricDataQueries": "{Label: Group, MetricStat: {Metric: {Namespace: 'AWS/Logs', MetricName: 'IncomingLogEvents', "
            f"Dimensions: [{{Name: 'LogGroupName', Value: Group}}]}}, Period: `{WEEK}`, Stat: 'Sum'}}}}"
        },
        give=SPAN,
        batch=METRICS_IN_ONE_REQUEST,
        batch_into="MetricDataQueries",
        batch_id="Id",
        why="whether anything was written to a log group in the same time, without a call for each of its streams",
    ),
    Call("lambda:ListCodeSigningConfigs", items="CodeSigningConfigs", why="what the account demands of signed code"),
    Call(
        "lambda:ListFunctionsByCodeSigningConfig",
        items="FunctionArns",
        may_omit=True,
        each="lambda:ListCodeSigningConfigs",
        take={"CodeSigningConfigArn": "CodeSigningConfigArn"},
        absent=NOT_FOUND,
        why="which functions it binds: a call for each configuration and none for each function",
    ),
    Call(
        "signer:ListSigningProfiles",
        items="profiles",
        may_omit=True,
        give={"includeCanceled": True},
        why="whether the profiles that sign are still in force",
    ),
    Call(
        "ecr:DescribeImageSigningStatus",
        each="lambda:GetFunction",
        over="[Code]",
        take={
            "repositoryName": "join('/', split(split(ResolvedImageUri, '@')[0], '/')[1:])",
            "imageId": "{imageDigest: split(ResolvedImageUri, '@')[1]}",
            "registryId": "split(ResolvedImageUri, '.')[0]",
        },
        when="ResolvedImageUri && contains(ResolvedImageUri, '.dkr.ecr.') && contains(ResolvedImageUri, '@')",
        absent=("ImageNotFoundException", "RepositoryNotFoundException"),
        drop=("signingStatuses.*.failureReason",),
        why="whether the registry signed the image that a function runs",
    ),
    Call(
        "lambda:GetFunctionRecursionConfig",
        each="lambda:GetPolicy",
        over="[@]",
        take=OF_PARENT,
        when=MAY_LOOP,
        also=(
            Lead("lambda:GetPolicy/alias", over="[@]", take=OF_PARENT, when=MAY_LOOP),
            Lead("lambda:GetPolicy/version", over="[@]", take=OF_PARENT, when=MAY_LOOP),
            Lead(
                "lambda:ListEventSourceMappings",
                over="EventSourceMappings[?EventSourceArn && contains(EventSourceArn, ':sqs:')]",
                take={"FunctionName": name_in("FunctionArn")},
                when=near("FunctionArn"),
            ),
            Lead("lambda:ListFunctions", over=UNPUBLISHED, take=BY_NAME, plan="full"),
        ),
        absent=NOT_FOUND,
        why="whether a loop is stopped; asked for functions that a bucket, a topic or a queue starts, as only their loops are detected",
    ),
    Call(
        "lambda:GetRuntimeManagementConfig",
        each="lambda:ListFunctions",
        over="Functions[?Version=='$LATEST' && PackageType!='Image']",
        take=BY_NAME,
        absent=NOT_FOUND,
        plan="full",
        why="whether a function is held on an old version of its runtime; a call for each function",
    ),
)
