"""Events of a service's functions, but for those of APIs.

Source: Serverless Framework documentation, "AWS Lambda Events".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .located import Block, block, located, over
from .resources import Unresolved
from .serverless_parts import At, Service, arn_of, function_id, is_on, items, logical
from .serverless_rest import add_rest
from .serverless_routes import add_route, add_socket
from .serverless_sources import add_broker, add_kafka, add_sqs, add_stream, number_of
from .values import text_of

_LETTERS = re.compile(r"[^A-Za-z0-9]+")


def add_event(service: Service, function: str, event: Any, at: At) -> None:
    """Add what an event of a function makes."""
    if isinstance(event, str):
        kind, said = event, None
    elif isinstance(event, Block) and event:
        kind = next(iter(event))
        said = event[kind]
        at = At(event.file, event.lines.get(kind, at.line))
    else:
        why = event.why if isinstance(event, Unresolved) else "it is no mapping"
        service.problem(at, f"an event of the function {function} is not read: {why}")
        return
    add = _EVENTS.get(kind)
    if add is None:
        service.problem(at, f"the event {kind} of the function {function} is not known and not read")
    elif (
        is_on(block(said).get("enabled", True))
        or isinstance(block(said).get("enabled"), Unresolved)
        or kind != "schedule"
    ):
        add(service, function, said, at)


def allow(service: Service, identity: str, function: str, principal: Any, source: Any, at: At, **more: Any) -> None:
    """Add the permission that lets a service call a function."""
    properties = {
        "FunctionName": arn_of(function_id(function)),
        "Action": "lambda:InvokeFunction",
        "Principal": principal,
        "SourceArn": source,
        **more,
    }
    service.add(identity, "AWS::Lambda::Permission", properties, at)


def _schedule(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    rates = items(settings.get("rate")) if settings else [(said, at.line)]
    for rate, line in rates:
        here = At(at.file, line or at.line)
        if settings.get("method") == "scheduler":
            _scheduler(service, function, rate, settings, here)
            continue
        start = f"{logical(function)}EventsRuleSchedule"
        target = {
            "Arn": arn_of(function_id(function)),
            "Id": f"{function}Schedule",
            "Input": _input(settings.get("input")),
        }
        properties = {
            "ScheduleExpression": rate,
            "State": "ENABLED",
            "Name": settings.get("name"),
            "Targets": [{key: value for key, value in target.items() if value is not None}],
        }
        _rule(service, function, f"{start}{number_of(service, start)}", properties, here)


def _scheduler(service: Service, function: str, rate: Any, settings: Block, at: At) -> None:
    start = f"{logical(function)}ScheduleSchedule"
    target = {"Arn": arn_of(function_id(function)), "RoleArn": arn_of("IamRoleLambdaExecution")}
    properties = {
        "ScheduleExpression": rate,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
        "Name": settings.get("name"),
    }
    service.add(f"{start}{number_of(service, start)}", "AWS::Scheduler::Schedule", properties, at)


def _input(said: Any) -> Any:
    return {"Fn::ToJsonString": said} if isinstance(said, Block | list) else said


def _rule(service: Service, function: str, identity: str, properties: Mapping[str, Any], at: At) -> None:
    service.add(identity, "AWS::Events::Rule", properties, at)
    allow(
        service,
        f"{logical(function)}LambdaPermission{identity}",
        function,
        "events.amazonaws.com",
        arn_of(identity),
        at,
    )


def _event_bridge(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    start = f"{logical(function)}EventBridgeRule"
    number = number_of(service, start)
    properties = {
        "Name": settings.get("name", f"{service.prefix}-{function}-rule-{number}"[:64]),
        "EventBusName": _bus(settings.get("eventBus")),
        "EventPattern": settings.get("pattern"),
        "ScheduleExpression": settings.get("schedule"),
        "State": "ENABLED",
        "Targets": [{"Arn": arn_of(function_id(function)), "Id": f"{function}-{number}"}],
    }
    bus = settings.get("eventBus")
    if isinstance(bus, str) and not bus.startswith("arn:") and bus != "default" and "${" not in bus:
        service.add(f"{logical(_LETTERS.sub('-', bus))}EventBridgeEventBus", "AWS::Events::EventBus", {"Name": bus}, at)
    _rule(service, function, f"{start}{number}", properties, at)


def _bus(said: Any) -> Any:
    return said if said is None or not isinstance(said, str) else said.rpartition("/")[2]


def _cloudwatch_event(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    start = f"{logical(function)}EventsRuleCloudWatchEvent"
    target = [{"Arn": arn_of(function_id(function)), "Id": f"{function}CloudWatchEvent"}]
    properties = {
        "EventPattern": settings.get("event"),
        "State": "ENABLED",
        "Name": settings.get("name"),
        "Targets": target,
    }
    _rule(service, function, f"{start}{number_of(service, start)}", properties, at)


def _cloudwatch_log(service: Service, function: str, said: Any, at: At) -> None:
    group = block(said).get("logGroup", said)
    start = f"{logical(function)}LogsSubscriptionFilterCloudWatchLog"
    identity = f"{start}{number_of(service, start)}"
    properties = {
        "LogGroupName": group,
        "FilterPattern": block(said).get("filter", ""),
        "DestinationArn": arn_of(function_id(function)),
    }
    service.add(identity, "AWS::Logs::SubscriptionFilter", properties, at)
    source = {
        "Fn::Join": [
            "",
            [{"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"}, group, ":*"],
        ]
    }
    allow(service, f"{identity}Permission", function, {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}, source, at)


def _sns(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    arn = settings.get("arn", said if not isinstance(said, str) or said.startswith("arn:") else None)
    arn = None if arn is said and settings and "arn" not in settings and not _is_call(said) else arn
    name = settings.get("topicName", said if isinstance(said, str) else None)
    identity = f"SNSTopic{logical(_LETTERS.sub('-', text_of(name)))}"
    if arn is None:
        service.add(identity, "AWS::SNS::Topic", {"TopicName": name, "DisplayName": settings.get("displayName")}, at)
        arn = {"Ref": identity}
    start = f"{logical(function)}SnsSubscription"
    properties = {
        "TopicArn": arn,
        "Protocol": "lambda",
        "Endpoint": arn_of(function_id(function)),
        "FilterPolicy": settings.get("filterPolicy"),
        "RedrivePolicy": settings.get("redrivePolicy"),
    }
    number = number_of(service, start)
    service.add(f"{start}{number}", "AWS::SNS::Subscription", properties, at)
    allow(service, f"{logical(function)}LambdaPermissionSns{number}", function, "sns.amazonaws.com", arn, at)


def _is_call(said: Any) -> bool:
    return isinstance(said, Block) and len(said) == 1 and next(iter(said)).startswith(("Fn::", "Ref"))


def _s3(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    bucket = settings.get("bucket", said)
    configured = block(block(service.provider.get("s3")).get(text_of(bucket))) if isinstance(bucket, str) else Block()
    name = configured.get("name", bucket)
    name = name if isinstance(name, str) else bucket
    account = {"SourceAccount": {"Ref": "AWS::AccountId"}}
    source = {"Fn::Join": ["", [{"Fn::Sub": "arn:${AWS::Partition}:s3:::"}, name]]}
    if is_on(settings.get("existing")) or not isinstance(name, str):
        allow(service, f"{logical(function)}LambdaPermissionS3", function, "s3.amazonaws.com", source, at, **account)
        return
    identity = f"S3Bucket{logical(_LETTERS.sub('-', text_of(bucket)))}"
    rules = [
        {"Name": key, "Value": value} for each, _ in items(settings.get("rules")) for key, value in block(each).items()
    ]
    call = {
        "Event": settings.get("event", "s3:ObjectCreated:*"),
        "Function": arn_of(function_id(function)),
        **({"Filter": {"S3Key": {"Rules": rules}}} if rules else {}),
    }
    old = block(block(block(service.resources.get(identity)).get("Properties")).get("NotificationConfiguration"))
    calls = [*(old.get("LambdaConfigurations") or []), call]
    more = {f"{key[0].upper()}{key[1:]}": value for key, value in configured.items() if key != "name"}
    properties = {"BucketName": name, "NotificationConfiguration": {"LambdaConfigurations": calls}, **more}
    service.add(identity, "AWS::S3::Bucket", properties, at)
    allow(
        service, f"{logical(function)}LambdaPermission{identity}", function, "s3.amazonaws.com", source, at, **account
    )


def _alb(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    start = f"{logical(function)}AlbTargetGroup"
    identity = f"{start}{number_of(service, start)}"
    properties = {"TargetType": "lambda", "Targets": [{"Id": arn_of(function_id(function))}]}
    service.add(identity, "AWS::ElasticLoadBalancingV2::TargetGroup", properties, at)
    conditions = block(settings.get("conditions"))
    rule = {
        "ListenerArn": settings.get("listenerArn"),
        "Priority": settings.get("priority"),
        "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": identity}}],
        "Conditions": [{"Field": f"{key}-pattern", "Values": value} for key, value in conditions.items()],
    }
    service.add(f"{identity}Rule", "AWS::ElasticLoadBalancingV2::ListenerRule", rule, at)
    allow(service, f"{identity}Permission", function, "elasticloadbalancing.amazonaws.com", None, at)


def _cognito(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    pool = settings.get("pool")
    identity = f"CognitoUserPool{logical(_LETTERS.sub('-', text_of(pool)))}"
    source = None
    if not is_on(settings.get("existing")):
        old = block(block(block(service.resources.get(identity)).get("Properties")).get("LambdaConfig"))
        trigger = Block(at.file, at.line)
        trigger.put(text_of(settings.get("trigger")) or "PreSignUp", arn_of(function_id(function)), at.line)
        calls = over(old, located(trigger, at.file, at.line))
        service.add(identity, "AWS::Cognito::UserPool", {"UserPoolName": pool, "LambdaConfig": calls}, at)
        source = arn_of(identity)
    start = f"{logical(function)}LambdaPermissionCognito"
    allow(service, f"{start}{number_of(service, start)}", function, "cognito-idp.amazonaws.com", source, at)


def _iot(service: Service, function: str, said: Any, at: At) -> None:
    settings = block(said)
    start = f"{logical(function)}IotTopicRule"
    identity = f"{start}{number_of(service, start)}"
    payload = {
        "Sql": settings.get("sql"),
        "RuleDisabled": False,
        "Actions": [{"Lambda": {"FunctionArn": arn_of(function_id(function))}}],
    }
    service.add(identity, "AWS::IoT::TopicRule", {"RuleName": settings.get("name"), "TopicRulePayload": payload}, at)
    allow(service, f"{identity}Permission", function, "iot.amazonaws.com", arn_of(identity), at)


def _alexa(service: Service, function: str, said: Any, at: At) -> None:
    token = block(said).get("appId", said)
    more = {"EventSourceToken": token} if token is not None else {}
    allow(service, f"{logical(function)}LambdaPermissionAlexa", function, "alexa-appkit.amazon.com", None, at, **more)


def _nothing(service: Service, function: str, said: Any, at: At) -> None:
    service.problem(at, f"an event of the function {function} at the edge of the network is not read")


_EVENTS: Mapping[str, Callable[[Service, str, Any, At], None]] = {
    "http": add_rest,
    "httpApi": add_route,
    "websocket": add_socket,
    "schedule": _schedule,
    "eventBridge": _event_bridge,
    "cloudwatchEvent": _cloudwatch_event,
    "cloudwatchLog": _cloudwatch_log,
    "sqs": add_sqs,
    "stream": add_stream,
    "msk": add_broker,
    "activemq": add_broker,
    "rabbitmq": add_broker,
    "kafka": add_kafka,
    "sns": _sns,
    "s3": _s3,
    "alb": _alb,
    "cognitoUserPool": _cognito,
    "iot": _iot,
    "alexaSkill": _alexa,
    "alexaSmartHome": _alexa,
    "cloudFront": _nothing,
}
