"""Functions and layers of a service."""

from __future__ import annotations

from typing import Any

from .located import Block, block, over
from .resources import Unresolved
from .serverless_events import add_event
from .serverless_parts import At, Service, arn_of, at_key, function_id, is_on, items, logical, merged
from .serverless_roles import add_own_role, add_shared_role, vpc_of
from .values import text_of

_TRACING = {"true": "Active", "Active": "Active", "PassThrough": "PassThrough"}


def functions_of(service: Service) -> Block:
    """The functions of a service by name, whether they are said in one mapping or in a list of them."""
    said = service.said.get("functions")
    for each, _ in items(said):
        if isinstance(each, Unresolved):
            service.problem(
                At(service.path, service.said.lines.get("functions", 0)),
                f"functions of the service are not read: {each.why}",
            )
    return merged(said, service.path)


def add_functions(service: Service) -> None:
    """Add the functions with their logs, roles and events."""
    functions = functions_of(service)
    shared = False
    for name, said in functions.items():
        at = at_key(functions, name)
        if not isinstance(said, Block):
            service.problem(at, f"the function {name} is no mapping")
            continue
        role = said.get("role", _given_role(service))
        own = add_own_role(service, name, said, at) if role is None else ""
        shared = shared or (role is None and not own)
        _add_function(service, name, said, at, role if role is not None else own or "IamRoleLambdaExecution")
        for event, line in items(said.get("events")):
            add_event(service, name, event, At(said.file, line or at.line))
    if shared:
        add_shared_role(service)


def _given_role(service: Service) -> Any:
    """The role that the service names instead of making one."""
    provider = service.provider
    role = block(provider.get("iam")).get("role", provider.get("role"))
    if isinstance(role, str | Unresolved):
        return role
    return role if isinstance(role, Block) and len(role) == 1 and next(iter(role)).startswith(("Fn::", "Ref")) else None


def _role(said: Any) -> Any:
    """A role as a property: an ARN, a function, or the logical id of a role of the template."""
    if isinstance(said, str) and said and ":" not in said and "${" not in said and "/" not in said:
        return arn_of(said)
    return said


def function_name(service: Service, name: str, said: Block) -> Any:
    """What a function is called."""
    return said.get("name", f"{service.prefix}-{name}")


def _add_function(service: Service, name: str, said: Block, at: At, role: Any) -> None:
    provider = service.provider
    identity = function_id(name)
    image = said.get("image")
    properties = {
        "FunctionName": function_name(service, name, said),
        "Handler": None if image is not None else said.get("handler"),
        "Runtime": None if image is not None else said.get("runtime", provider.get("runtime")),
        "Code": {"ImageUri": _image(image)}
        if image is not None
        else {"S3Bucket": "serverless-deployment", "S3Key": f"{name}.zip"},
        "PackageType": "Image" if image is not None else None,
        "MemorySize": said.get("memorySize", provider.get("memorySize", 1024)),
        "Timeout": said.get("timeout", provider.get("timeout", 6)),
        "Role": _role(role),
        "Environment": _environment(provider.get("environment"), said.get("environment"), at),
        "Description": said.get("description"),
        "Layers": said.get("layers", provider.get("layers")),
        "Tags": _tags(provider.get("tags"), said.get("tags")),
        "VpcConfig": vpc_of(provider, said),
        "KmsKeyArn": said.get(
            "kmsKeyArn", said.get("awsKmsKeyArn", provider.get("kmsKeyArn", service.said.get("awsKmsKeyArn")))
        ),
        "TracingConfig": _tracing(provider, said),
        "Architectures": [said.get("architecture", provider.get("architecture", "x86_64"))],
        "ReservedConcurrentExecutions": said.get("reservedConcurrency"),
        "EphemeralStorage": {"Size": said["ephemeralStorageSize"]} if "ephemeralStorageSize" in said else None,
        "FileSystemConfigs": _file_system(said.get("fileSystemConfig")),
        "DeadLetterConfig": _dead_letters(said),
        "SnapStart": {"ApplyOn": "PublishedVersions"} if is_on(said.get("snapStart")) else None,
    }
    service.add(identity, "AWS::Lambda::Function", properties, at)
    service.code[identity] = _code(service, said)
    retention = said.get("logRetentionInDays", provider.get("logRetentionInDays"))
    if not is_on(said.get("disableLogs")):
        group = {"LogGroupName": _log_group(service, name, said), "RetentionInDays": retention}
        service.add(f"{logical(name)}LogGroup", "AWS::Logs::LogGroup", group, at)
    _add_url(service, name, said)
    _add_asynchronous(service, name, said, at)


def _log_group(service: Service, name: str, said: Block) -> Any:
    called = function_name(service, name, said)
    return f"/aws/lambda/{text_of(called)}" if isinstance(called, str) else {"Fn::Join": ["", ["/aws/lambda/", called]]}


def _image(image: Any) -> Any:
    said = image.get("uri", image.get("name")) if isinstance(image, Block) else image
    return said if said is not None else "image"


def _environment(shared: Any, own: Any, at: At) -> Any:
    for each in (own, shared):
        if isinstance(each, Unresolved):
            return {"Variables": each}
    variables = over(block(shared), block(own))
    whole = Block(variables.file or at.file, variables.line or at.line)
    whole.put("Variables", variables, variables.line or at.line)
    return whole if variables else None


def _tags(shared: Any, own: Any) -> Any:
    tags = over(block(shared), block(own))
    return [{"Key": key, "Value": value} for key, value in tags.items()] or None


def _tracing(provider: Block, said: Block) -> Any:
    mode = said.get("tracing", block(provider.get("tracing")).get("lambda"))
    known = _TRACING.get(text_of(mode)) if isinstance(mode, str | bool) else None
    return {"Mode": known} if known else None


def _file_system(said: Any) -> Any:
    system = block(said)
    return [{"Arn": system.get("arn"), "LocalMountPath": system.get("localMountPath")}] if system else None


def _dead_letters(said: Block) -> Any:
    target = said.get("onError")
    letters = block(said.get("deadLetter"))
    target = target if target is not None else letters.get("targetArn", letters.get("sqs", letters.get("sns")))
    return (
        {"TargetArn": target}
        if isinstance(target, str | Unresolved) or (isinstance(target, Block) and len(target) == 1)
        else None
    )


def _code(service: Service, said: Block) -> str:
    """The folder or file that the function is packed from, relative to the service."""
    for holder in (said, service.said):
        artifact = block(holder.get("package")).get("artifact")
        if isinstance(artifact, str):
            return artifact
    image = said.get("image")
    if image is not None:
        named = block(block(block(service.provider.get("ecr")).get("images")).get(text_of(_image(image))))
        path = named.get("path", image.get("path") if isinstance(image, Block) else None)
        return text_of(path)
    module = said.get("module")
    return module if isinstance(module, str) else "."


def _add_url(service: Service, name: str, said: Block) -> None:
    url = said.get("url")
    if url is None or url is False:
        return
    at, settings = at_key(said, "url"), block(url)
    kind = "AWS_IAM" if text_of(settings.get("authorizer")).lower() == "aws_iam" else "NONE"
    target = arn_of(function_id(name))
    cors = settings.get("cors")
    every = {
        "AllowOrigins": ["*"],
        "AllowHeaders": ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key"],
        "AllowMethods": ["*"],
    }
    named = {f"{key[0].upper()}{key[1:]}": value for key, value in block(cors).items()}
    mode = settings.get("invokeMode")
    properties = {
        "AuthType": kind,
        "TargetFunctionArn": target,
        "Cors": every if cors is True else named or None,
        "InvokeMode": mode,
    }
    service.add(f"{logical(name)}LambdaFunctionUrl", "AWS::Lambda::Url", properties, at)
    if kind == "NONE":
        permission = {
            "FunctionName": target,
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "FunctionUrlAuthType": "NONE",
        }
        service.add(f"{logical(name)}LambdaPermissionFnUrl", "AWS::Lambda::Permission", permission, at)


def _add_asynchronous(service: Service, name: str, said: Block, at: At) -> None:
    targets = block(said.get("destinations"))
    attempts, age = said.get("maximumRetryAttempts"), said.get("maximumEventAge")
    if not targets and attempts is None and age is None:
        return
    destinations = {
        {"onSuccess": "OnSuccess", "onFailure": "OnFailure"}[key]: {"Destination": _destination(service, targets[key])}
        for key in ("onSuccess", "onFailure")
        if key in targets
    }
    properties = {
        "FunctionName": {"Ref": function_id(name)},
        "Qualifier": "$LATEST",
        "DestinationConfig": destinations or None,
        "MaximumRetryAttempts": attempts,
        "MaximumEventAgeInSeconds": age,
    }
    service.add(f"{logical(name)}LambdaEvConf", "AWS::Lambda::EventInvokeConfig", properties, at)


def _destination(service: Service, said: Any) -> Any:
    if isinstance(said, Block) and "arn" in said:
        return said["arn"]
    return arn_of(function_id(said)) if isinstance(said, str) and said in functions_of(service) else said


def add_layers(service: Service) -> None:
    """Add the layers that the service publishes."""
    layers = block(service.said.get("layers"))
    for name, layer in layers.items():
        settings = block(layer)
        identity = f"{logical(name)}LambdaLayer"
        properties = {
            "LayerName": settings.get("name", name),
            "Content": {"S3Bucket": "serverless-deployment", "S3Key": f"{name}.zip"},
            "CompatibleRuntimes": settings.get("compatibleRuntimes"),
            "Description": settings.get("description"),
        }
        service.add(identity, "AWS::Lambda::LayerVersion", properties, at_key(layers, name))
        artifact = block(settings.get("package")).get("artifact")
        service.code[identity] = text_of(settings.get("path", artifact))
        allowed = settings.get("allowedAccounts")
        for index, (account, line) in enumerate(items(allowed)):
            permission = {
                "Action": "lambda:GetLayerVersion",
                "LayerVersionArn": {"Ref": identity},
                "Principal": account,
            }
            at = At(settings.file, line or settings.line)
            service.add(
                f"{logical(name)}LambdaLayerPermission{index}", "AWS::Lambda::LayerVersionPermission", permission, at
            )
