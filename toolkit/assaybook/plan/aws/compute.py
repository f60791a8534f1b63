"""What to ask AWS Lambda and the services that call functions."""

from .. import Call, Lead

NOT_FOUND = ("ResourceNotFoundException",)
UNPUBLISHED = "Functions[?Version=='$LATEST']"
BY_NAME = {"FunctionName": "FunctionName"}
OF_PARENT = {"FunctionName": "^FunctionName"}
# Services that invoke a function and do not wait. Source: AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services".
NEVER_WAIT = {
    "s3.amazonaws.com": "Amazon S3",
    "sns.amazonaws.com": "Amazon SNS",
    "ses.amazonaws.com": "Amazon SES",
    "events.amazonaws.com": "Amazon EventBridge",
    "logs.amazonaws.com": "CloudWatch Logs",
    "config.amazonaws.com": "AWS Config",
    "codecommit.amazonaws.com": "AWS CodeCommit",
    "codepipeline.amazonaws.com": "AWS CodePipeline",
    "iot.amazonaws.com": "AWS IoT",
    "iotevents.amazonaws.com": "AWS IoT Events",
    "cloudformation.amazonaws.com": "AWS CloudFormation",
    "scheduler.amazonaws.com": "EventBridge Scheduler",
}
# The principal of a service may also be written with its region in between, so that the first word decides.
HANDS_OVER = " || ".join(f"contains(Policy, '{name.partition('.')[0]}.')" for name in NEVER_WAIT)


def name_in(member: str) -> str:
    """The name of the function in an ARN, as JMESPath."""
    return f"split({member}, ':')[6]"


def near(member: str) -> str:
    """Whether an ARN is that of a function of the account and region that answered, as JMESPath."""
    parts = f"split({member}, ':')"
    return f"{parts}[2] == 'lambda' && {parts}[5] == 'function' && {parts}[3] == parent.region && {parts}[4] == parent.account"


CALLS = (
    Call(
        "lambda:GetAccountSettings",
        plan="lean",
        why="the account's own count of functions: second source of the population",
    ),
    Call(
        "lambda:ListFunctions",
        items="Functions",
        give={"FunctionVersion": "ALL"},
        plan="lean",
        why="every function, and every published version, so that versions in use are known without a call each",
    ),
    Call(
        "lambda:GetFunction",
        each="lambda:ListFunctions",
        over="Functions[?Version=='$LATEST' && PackageType=='Image']",
        take=BY_NAME,
        also=(Lead("lambda:ListFunctions", over=UNPUBLISHED, take=BY_NAME, plan="full"),),
        absent=NOT_FOUND,
        bucket="lambda:GetFunction",
        drop=("Code.Location", "Code.SourceCodeSize"),
        why="the reference and digest of an image; tags of functions come with those of everything else",
    ),
    Call(
        "lambda:GetPolicy",
        each="lambda:ListFunctions",
        over=UNPUBLISHED,
        take=BY_NAME,
        absent=NOT_FOUND,
        bucket="lambda:GetPolicy",
        plan="lean",
        why="who may invoke the function",
    ),
    Call(
        "lambda:ListAliases",
        items="Aliases",
        each="lambda:ListFunctions",
        over=UNPUBLISHED,
        take=BY_NAME,
        absent=NOT_FOUND,
        plan="lean",
        why="aliases: ways in of their own, and the versions in use",
    ),
    Call(
        "lambda:GetPolicy",
        id="lambda:GetPolicy/alias",
        each="lambda:ListAliases",
        over="Aliases",
        take={"FunctionName": "^FunctionName", "Qualifier": "Name"},
        absent=NOT_FOUND,
        bucket="lambda:GetPolicy",
        plan="lean",
        why="who may invoke through the alias",
    ),
    Call(
        "lambda:GetPolicy",
        id="lambda:GetPolicy/version",
        each="lambda:ListAliases",
        over="Aliases[].[FunctionVersion, keys(RoutingConfig.AdditionalVersionWeights || `{}`)[]][][] | [?@ != '$LATEST'].{Version: @}",
        take={"FunctionName": "^FunctionName", "Qualifier": "Version"},
        absent=NOT_FOUND,
        bucket="lambda:GetPolicy",
        plan="lean",
        why="who may invoke a version that an alias points to",
    ),
    Call(
        "lambda:GetPolicy",
        id="lambda:GetPolicy/unaliased",
        each="lambda:ListFunctions",
        over="Functions[?Version!='$LATEST']",
        take={"FunctionName": "FunctionName", "Qualifier": "Version"},
        absent=NOT_FOUND,
        bucket="lambda:GetPolicy",
        plan="full",
        why="who may invoke a version to which no alias points, if its ARN is known; a call for each published version",
    ),
    Call(
        "lambda:ListFunctionUrlConfigs",
        items="FunctionUrlConfigs",
        each="lambda:ListFunctions",
        over=UNPUBLISHED,
        take=BY_NAME,
        absent=NOT_FOUND,
        plan="lean",
        why="URLs of the function and of its aliases, with their authentication and CORS",
    ),
    Call(
        "lambda:GetFunctionUrlConfig",
        instead_of="lambda:ListFunctionUrlConfigs",
        absent=NOT_FOUND,
        plan="lean",
        why="the function's own URL, where URLs cannot be listed",
    ),
    Call(
        "lambda:GetFunctionConcurrency",
        each="lambda:ListFunctionUrlConfigs",
        over="FunctionUrlConfigs[:1]",
        take=OF_PARENT,
        also=(Lead("lambda:GetFunctionUrlConfig", over="[@]", take=OF_PARENT),),
        absent=NOT_FOUND,
        why="reserved concurrency of functions that have a URL; the others share the account's pool with all",
    ),
    Call(
        "lambda:ListFunctionEventInvokeConfigs",
        items="FunctionEventInvokeConfigs",
        each="lambda:GetPolicy",
        over="[@]",
        take=OF_PARENT,
        when=HANDS_OVER,
        also=(
            Lead("lambda:GetPolicy/alias", over="[@]", take=OF_PARENT, when=HANDS_OVER),
            Lead("lambda:GetPolicy/version", over="[@]", take=OF_PARENT, when=HANDS_OVER),
            Lead("events:ListTargetsByRule", over="Targets", take={"FunctionName": name_in("Arn")}, when=near("Arn")),
            Lead(
                "sns:ListSubscriptions",
                over="Subscriptions[?Protocol=='lambda']",
                take={"FunctionName": name_in("Endpoint")},
                when=near("Endpoint"),
            ),
            Lead(
                "scheduler:ListSchedules",
                over="Schedules",
                take={"FunctionName": name_in("Target.Arn")},
                when=near("Target.Arn"),
            ),
            Lead(
                "pipes:DescribePipe",
                over="[@]",
                take={"FunctionName": name_in("Target")},
                when=f"TargetParameters.LambdaFunctionParameters.InvocationType == 'FIRE_AND_FORGET' && {near('Target')}",
            ),
            Lead("lambda:ListFunctions", over=UNPUBLISHED, take=BY_NAME, plan="full"),
        ),
        absent=NOT_FOUND,
        why="where failed asynchronous events go; asked for functions that something may invoke without waiting",
    ),
    Call(
        "lambda:ListEventSourceMappings",
        items="EventSourceMappings",
        plan="lean",
        why="queues and streams that feed functions",
    ),
    Call(
        "lambda:GetLayerVersionByArn",
        each="lambda:ListFunctions",
        over="Functions[].Layers[].{Arn: Arn}",
        take={"Arn": "Arn"},
        absent=NOT_FOUND,
        drop=("Content.Location",),
        why="whether a layer version in use still exists",
    ),
    Call("lambda:ListLayers", items="Layers", why="our own layers, also those that no function uses"),
    Call(
        "lambda:GetLayerVersionPolicy",
        each="lambda:GetLayerVersionByArn",
        over="[@]",
        take={"LayerName": "LayerArn", "VersionNumber": "Version"},
        when="contains(LayerArn, join('', [':', parent.account, ':']))",
        also=(
            Lead("lambda:ListLayers", take={"LayerName": "LayerArn", "VersionNumber": "LatestMatchingVersion.Version"}),
        ),
        absent=NOT_FOUND,
        why="whether one of our own layers is open to others",
    ),
    Call("events:ListEventBuses", items="EventBuses", why="event buses and who may put events on them"),
    Call(
        "events:ListRules",
        items="Rules",
        each="events:ListEventBuses",
        take={"EventBusName": "Name"},
        absent=NOT_FOUND,
        why="rules that start functions",
    ),
    Call(
        "events:ListTargetsByRule",
        items="Targets",
        each="events:ListRules",
        take={"Rule": "Name", "EventBusName": "EventBusName"},
        absent=NOT_FOUND,
        drop=("Targets.*.Input", "Targets.*.InputTransformer"),
        why="targets of rules, with their dead-letter queues",
    ),
)
