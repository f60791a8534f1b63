"""What to ask about how events flow: notifications, pipes, schedules, rules of AWS IoT and for incoming mail, resolvers of GraphQL APIs."""

from .. import Call
from .data import BUCKET, GONE

GONE_PIPE = ("NotFoundException",)
# What a rule may start or feed; where it writes a message's fields into a table or sends it to a web address is left out.
TOPIC_RULE = (
    "{ruleArn: ruleArn, rule: rule.{ruleName: ruleName, sql: sql, ruleDisabled: ruleDisabled,"
    " actions: (actions || `[]`)[].{lambda: lambda.functionArn, stepFunctions: stepFunctions.stateMachineName, sqs: sqs.queueUrl,"
    " sns: sns.targetArn, kinesis: kinesis.streamName, s3: s3.bucketName}}}"
)

CALLS = (
    Call(
        "s3:GetBucketNotificationConfiguration",
        absent=GONE,
        why="which functions, queues and topics the bucket tells of new objects, and with which filters",
        **BUCKET,
    ),
    Call("pipes:ListPipes", items="Pipes", why="pipes from a queue or stream to a function or state machine"),
    Call(
        "pipes:DescribePipe",
        each="pipes:ListPipes",
        over="Pipes[?(Target && (contains(Target, ':lambda:') || contains(Target, ':states:'))) || (Enrichment && contains(Enrichment, ':lambda:'))]",
        take={"Name": "Name"},
        absent=GONE_PIPE,
        drop=(
            "Description",
            "EnrichmentParameters",
            "TargetParameters.InputTemplate",
            "TargetParameters.HttpParameters",
        ),
        why="filters, dead-letter queue and retries of a pipe that runs code",
    ),
    Call(
        "scheduler:ListSchedules",
        items="Schedules",
        why="schedules of all groups with what they start; groups need no listing of their own",
    ),
    Call(
        "scheduler:GetSchedule",
        each="scheduler:ListSchedules",
        over="Schedules[?Target.Arn && (contains(Target.Arn, ':lambda:') || contains(Target.Arn, ':states:'))]",
        take={"Name": "Name", "GroupName": "GroupName"},
        absent=("ResourceNotFoundException",),
        drop=("Description", "Target.Input", "Target.EcsParameters", "Target.SageMakerPipelineParameters"),
        why="dead-letter queue and retries of a schedule that runs code",
    ),
    Call("iot:ListTopicRules", items="rules", why="rules of AWS IoT, which hand on what devices publish"),
    Call(
        "iot:GetTopicRule",
        each="iot:ListTopicRules",
        take={"ruleName": "ruleName"},
        keep=TOPIC_RULE,
        why="which functions, queues and topics a rule of AWS IoT feeds",
    ),
    Call(
        "ses:DescribeActiveReceiptRuleSet",
        items="Rules",
        may_omit=True,
        drop=("Rules.*.Recipients", "Rules.*.Actions.*.AddHeaderAction", "Rules.*.Actions.*.BounceAction"),
        why="functions, buckets and topics that get the mail which anybody sends",
    ),
    Call(
        "appsync:ListDataSources",
        items="dataSources",
        each="appsync:ListGraphqlApis",
        take={"apiId": "apiId"},
        absent=("NotFoundException",),
        drop=("dataSources.*.description", "dataSources.*.httpConfig"),
        why="which functions the fields of a GraphQL API run",
    ),
)
