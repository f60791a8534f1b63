"""What resources have once they are made, under the names by which Terraform asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..resources import Unresolved
from ..values import joined
from .kinds import camel
from .unknown import symbol

if TYPE_CHECKING:
    from .made import Made

_FUNCTION = "AWS::Lambda::Function"
_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")


def member_of(made: Made, name: str, where: str) -> Any:
    """What a resource has under a name; None if only its arguments can tell."""
    if not made.kind:
        return _of_others(made, name)
    special = _SPECIAL.get((made.kind.type, name)) or _SPECIAL.get(("", name))
    if special is not None:
        found = special(made)
        if found is not None:
            return found
    named = made.named()
    if name == "arn":
        return named.arn()
    if name == "id":
        return named.ref()
    if name in (made.kind.argument, "name"):
        return named.name()
    found = named.attribute(_ATTRIBUTES.get(name) or camel(name), where)
    return None if isinstance(found, Unresolved) else found


_ATTRIBUTES: Mapping[str, str] = {
    "bucket_domain_name": "DomainName",
    "bucket_regional_domain_name": "RegionalDomainName",
    "website_endpoint": "WebsiteURL",
    "cloudwatch_role_arn": "CloudWatchRoleArn",
    "dns_name": "DNSName",
    "function_url": "FunctionUrl",
    "unique_id": "RoleId",
    "repository_url": "RepositoryUri",
    "primary_endpoint_address": "PrimaryEndPoint.Address",
    "reader_endpoint": "ReadEndpoint.Address",
    "address": "Endpoint.Address",
    "cluster_address": "ClusterDiscoveryEndpoint",
    "iam_arn": "Arn",
    "s3_canonical_user_id": "S3CanonicalUserId",
    "uris": "GraphQLUrl",
}


def _invoke(made: Made) -> Any:
    place = made.module.place
    start = f"arn:{place.partition}:apigateway:{place.region}:lambda:path/2015-03-31/functions/"
    return joined([start, made.named().arn(), "/invocations"])


def _execution(made: Made) -> Any:
    place = made.module.place
    return joined([f"arn:{place.partition}:execute-api:{place.region}:{place.account}:", made.named().ref()])


def _stage_execution(made: Made) -> Any:
    place = made.module.place
    api = made.argument("rest_api_id") or made.argument("api_id")
    start = f"arn:{place.partition}:execute-api:{place.region}:{place.account}:"
    return joined([start, api, "/", made.named().name()])


def _stage_url(made: Made) -> Any:
    api = made.argument("rest_api_id") or made.argument("api_id")
    name = made.argument("stage_name") or made.named().name()
    region = made.module.place.region
    return joined(["https://", api, f".execute-api.{region}.amazonaws.com/", name])


def _version(made: Made) -> Any:
    return "1" if made.argument("publish") is True else "$LATEST"


def _qualified(made: Made) -> Any:
    return joined([made.named().arn(), ":", _version(made)])


def _log_group(made: Made) -> Any:
    # In Terraform without the end that stands for its streams.
    arn = made.named().arn()
    return type(arn)(arn.removesuffix(":*"))


def _layer(made: Made) -> Any:
    arn = made.named().arn()
    return type(arn)(arn.rpartition(":")[0])


def _issuer(made: Made) -> Any:
    return joined([f"cognito-idp.{made.module.place.region}.amazonaws.com/", made.named().ref()])


def _endpoint(made: Made) -> Any:
    named = made.named()
    host = named.attribute("Endpoint.Address", made.where)
    return joined([host, ":", named.attribute("Endpoint.Port", made.where)])


def _ref(made: Made) -> Any:
    return made.named().ref()


def _arn(made: Made) -> Any:
    return made.named().arn()


def _name(made: Made) -> Any:
    return made.named().name()


def _id(text: str) -> Callable[[Made], Any]:
    return lambda made: made.named().fill(text)


_SPECIAL: Mapping[tuple[str, str], Callable[[Made], Any]] = {
    (_FUNCTION, "invoke_arn"): _invoke,
    (_FUNCTION, "qualified_arn"): _qualified,
    (_FUNCTION, "version"): _version,
    ("AWS::Lambda::Alias", "invoke_arn"): _invoke,
    ("AWS::Lambda::LayerVersion", "layer_arn"): _layer,
    ("AWS::Lambda::LayerVersion", "version"): lambda made: 1,
    **{(kind, "execution_arn"): _execution for kind in _APIS},
    ("AWS::ApiGateway::Stage", "execution_arn"): _stage_execution,
    ("AWS::ApiGatewayV2::Stage", "execution_arn"): _stage_execution,
    ("AWS::ApiGateway::Stage", "invoke_url"): _stage_url,
    ("AWS::ApiGatewayV2::Stage", "invoke_url"): _stage_url,
    ("AWS::ApiGateway::Stage", "id"): _name,
    ("AWS::ApiGateway::Deployment", "invoke_url"): _stage_url,
    ("AWS::ApiGateway::Resource", "path"): lambda made: joined(["/", made.argument("path_part")]),
    ("AWS::Logs::LogGroup", "arn"): _log_group,
    ("AWS::Cognito::UserPool", "endpoint"): _issuer,
    ("AWS::Cognito::UserPoolClient", "client_secret"): lambda made: symbol(
        f"{made.address}.client_secret", "the provider makes it", made.where, secret=True
    ),
    ("AWS::RDS::DBInstance", "endpoint"): _endpoint,
    ("AWS::IAM::AccessKey", "secret"): lambda made: symbol(
        f"{made.address}.secret", "the provider makes it", made.where, secret=True
    ),
    ("AWS::IAM::User", "unique_id"): lambda made: None,
    ("AWS::AppSync::GraphQLApi", "id"): _id("{alnum26}"),
    ("AWS::WAFv2::WebACL", "id"): _id("{uuid}"),
    ("AWS::SSM::Parameter", "value"): lambda made: made.argument("value"),
    ("AWS::SQS::Queue", "url"): _ref,
    ("AWS::EC2::EIP", "id"): _name,
    ("AWS::DynamoDB::Table", "stream_label"): lambda made: "2020-01-01T00:00:00.000",
    ("AWS::KMS::Alias", "target_key_arn"): lambda made: None,
    ("AWS::StepFunctions::StateMachine", "state_machine_version_arn"): _arn,
}


_CHANCE = frozenset({"random_id", "random_pet", "random_string", "random_uuid", "random_integer"})
_CHOSEN = frozenset({"id", "hex", "dec", "b64_url", "b64_std", "result"})


def _of_others(made: Made, name: str) -> Any:
    """What resources of no account have: made-up ids and words, texts, but no secrets."""
    kind = made.type
    if kind in _CHANCE and name in _CHOSEN:
        named = made.named()
        if kind == "random_uuid":
            return named.uuid()
        if kind == "random_integer" or name == "dec":
            return int(named["hex4"], 16)
        return joined([made.argument("prefix") or "", named["lower8"]])
    if kind in ("random_password", "tls_private_key") and name not in ("id",):
        return symbol(f"{made.address}.{name}", "it is made when the module is deployed", made.where, secret=True)
    if kind in ("local_file", "local_sensitive_file", "aws_s3_object", "aws_s3_bucket_object", "archive_file"):
        return made.argument({"id": "key", "output_base64sha256": "-"}.get(name, name)) if name != "etag" else None
    if kind in _ASKED:
        return made.argument(_ASKED[kind]) if name == "id" else None
    if kind == "terraform_data" and name == "output":
        return made.argument("input")
    return None


# Resources that say something of another one, and bear its id.
_ASKED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "aws_s3_bucket_versioning",
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_acl",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_website_configuration",
            "aws_s3_bucket_notification",
        ),
        "bucket",
    ),
    "aws_secretsmanager_secret_version": "secret_id",
    "aws_iam_role_policy_attachment": "role",
    "aws_api_gateway_integration": "resource_id",
}
