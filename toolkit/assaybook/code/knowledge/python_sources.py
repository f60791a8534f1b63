"""Where untrusted data, stored data, answers of others and secrets come into Python. Source of each: the library's own documentation of the call or attribute."""

from __future__ import annotations

from .terms import EXTERNAL, REQUEST, SECRET, STORED, Source

_FLASK = ("flask.request", "flask.Request", "flask.globals.request", "werkzeug.Request", "quart.request")


_FLASK_TEXT = (
    "args",
    "form",
    "values",
    "headers",
    "cookies",
    "data",
    "query_string",
    "path",
    "full_path",
    "url",
    "files",
    "view_args",
    "stream",
    "referrer",
    "user_agent",
)


_STARLETTE = ("fastapi.Request", "starlette.requests.Request", "fastapi.requests.Request", "fastapi.WebSocket")


POWERTOOLS_APPS = (
    "aws_lambda_powertools.event_handler.APIGatewayRestResolver",
    "aws_lambda_powertools.event_handler.APIGatewayHttpResolver",
    "aws_lambda_powertools.event_handler.ALBResolver",
    "aws_lambda_powertools.event_handler.LambdaFunctionUrlResolver",
    "aws_lambda_powertools.event_handler.VPCLatticeResolver",
    "aws_lambda_powertools.event_handler.VPCLatticeV2Resolver",
    "aws_lambda_powertools.event_handler.api_gateway.ApiGatewayResolver",
    "aws_lambda_powertools.event_handler.ApiGatewayResolver",
    "aws_lambda_powertools.event_handler.AppSyncResolver",
    "aws_lambda_powertools.event_handler.appsync.AppSyncResolver",
    "aws_lambda_powertools.event_handler.BedrockAgentResolver",
    "aws_lambda_powertools.event_handler.router.APIGatewayRouter",
    "aws_lambda_powertools.event_handler.router.Router",
    "aws_lambda_powertools.event_handler.router.APIGatewayHttpRouter",
)


_POWERTOOLS_EVENTS = tuple(
    f"aws_lambda_powertools.utilities.data_classes.{name}"
    for name in (
        "APIGatewayProxyEvent",
        "APIGatewayProxyEventV2",
        "ALBEvent",
        "LambdaFunctionUrlEvent",
        "VPCLatticeEvent",
        "VPCLatticeEventV2",
        "AppSyncResolverEvent",
        "S3Event",
        "SQSEvent",
        "SNSEvent",
        "DynamoDBStreamEvent",
        "KinesisStreamEvent",
        "EventBridgeEvent",
        "CloudWatchLogsEvent",
        "SESEvent",
        "KafkaEvent",
        "S3EventBridgeNotificationEvent",
        "BedrockAgentEvent",
        "connect_contact_flow_event.ConnectContactFlowEvent",
        "api_gateway_proxy_event.APIGatewayProxyEvent",
        "api_gateway_proxy_event.APIGatewayProxyEventV2",
        "sqs_event.SQSRecord",
    )
)


AZURE = "azure.functions"


_DJANGO = ("django.http.HttpRequest", "django.http.request.HttpRequest", "rest_framework.request.Request")


def _request(name: str, path: str, *, called: bool = False, structured: bool = False) -> Source:
    return Source(REQUEST, name, called, path, path, structured=structured)


_FRAMEWORKS = (
    *(_request(f"{base}.{part}", f"request.{part}") for base in _FLASK for part in _FLASK_TEXT),
    *(_request(f"{base}.{part}", "request.body", structured=True) for base in _FLASK for part in ("json",)),
    *(_request(f"{base}.get_json", "request.body", called=True, structured=True) for base in _FLASK),
    *(_request(f"{base}.get_data", "request.body", called=True) for base in _FLASK),
    *(
        _request(f"{base}.{part}", f"request.{part}")
        for base in _STARLETTE
        for part in ("query_params", "path_params", "headers", "cookies", "url")
    ),
    *(
        _request(f"{base}.{part}", "request.body", called=True, structured=part == "json")
        for base in _STARLETTE
        for part in ("json", "body", "form", "stream")
    ),
    *(
        _request(f"chalice.Chalice.current_request.{part}", f"request.{part}", structured=part == "json_body")
        for part in ("query_params", "uri_params", "headers", "raw_body", "json_body")
    ),
    *(_request(f"{app}.current_event", "event", structured=True) for app in POWERTOOLS_APPS),
    *(
        _request(f"{base}.{part}", f"event.{part}", structured=True)
        for base in _POWERTOOLS_EVENTS
        for part in (
            "body",
            "json_body",
            "decoded_body",
            "query_string_parameters",
            "path_parameters",
            "headers",
            "multi_value_query_string_parameters",
            "arguments",
            "records",
            "detail",
            "raw_event",
            "record",
            "resolved_query_string_parameters",
            "resolved_headers_field",
            "input_text",
            "parameters",
            "bucket_name",
            "object_key",
            "cookies",
            "source",
            "raw_path",
            "path",
        )
    ),
    *(
        _request(f"{base}.{part}", f"event.{path}", called=True)
        for base in (*_POWERTOOLS_EVENTS, *(f"{app}.current_event" for app in POWERTOOLS_APPS))
        for part, path in (
            ("get_query_string_value", "queryStringParameters"),
            ("get_header_value", "headers"),
            ("get_multi_value_query_string_values", "multiValueQueryStringParameters"),
        )
    ),
    *(
        _request(f"{AZURE}.HttpRequest.{part}", f"request.{part}")
        for part in ("params", "route_params", "headers", "form", "url", "files")
    ),
    *(
        _request(f"{AZURE}.HttpRequest.{part}", "request.body", called=True, structured=part == "get_json")
        for part in ("get_json", "get_body")
    ),
    *(
        _request(f"{AZURE}.{kind}.{part}", f"{kind}.{part}", called=True, structured=part == "get_json")
        for kind in (
            "QueueMessage",
            "ServiceBusMessage",
            "EventHubEvent",
            "EventGridEvent",
            "KafkaEvent",
            "InputStream",
            "DaprEvent",
        )
        for part in ("get_body", "get_json", "read")
    ),
    *(
        _request(f"{AZURE}.{kind}.{part}", f"{kind}.{part}")
        for kind, part in (
            ("InputStream", "name"),
            ("InputStream", "uri"),
            ("EventGridEvent", "subject"),
            ("ServiceBusMessage", "user_properties"),
        )
    ),
    *(
        _request(f"{base}.{part}", f"request.{part}")
        for base in _DJANGO
        for part in ("GET", "POST", "body", "COOKIES", "headers", "META", "FILES", "query_params")
    ),
    *(_request(f"{base}.data", "request.body", structured=True) for base in _DJANGO),
    *(
        _request(f"{base}.{part}", f"event.{part}", structured=True)
        for base in ("cloudevents.http.CloudEvent", "cloudevents.http.event.CloudEvent")
        for part in ("data", "get_data")
    ),
    *(
        _request(f"bottle.request.{part}", f"request.{part}", structured=part == "json")
        for part in ("query", "forms", "params", "headers", "cookies", "json", "body")
    ),
)


_S3 = ("Bucket",)


_STORES = (
    Source(STORED, "boto3.client(s3).get_object", True, "an object of a bucket", "s3.object", _S3, True),
    Source(STORED, "boto3.resource(s3).Object.get", True, "an object of a bucket", "s3.object", (), True),
    Source(STORED, "boto3.resource(s3).Bucket.Object.get", True, "an object of a bucket", "s3.object", (), True),
    *(
        Source(STORED, f"boto3.client(dynamodb).{name}", True, "a table", "dynamodb.item", ("TableName",), True)
        for name in ("get_item", "query", "scan", "batch_get_item")
    ),
    *(
        Source(STORED, f"boto3.resource(dynamodb).Table.{name}", True, "a table", "dynamodb.item", (), True)
        for name in ("get_item", "query", "scan")
    ),
    Source(STORED, "boto3.client(sqs).receive_message", True, "a queue", "sqs.message", ("QueueUrl",), True),
    Source(STORED, "boto3.resource(sqs).Queue.receive_messages", True, "a queue", "sqs.message", (), True),
    *(
        Source(STORED, f"redis.{base}.{name}", True, "a cache", "redis.value", ("0",), True)
        for base in ("Redis", "StrictRedis", "from_url")
        for name in ("get", "hget", "hgetall", "lpop", "rpop", "blpop", "brpop", "lrange", "smembers")
    ),
    *(
        Source(STORED, f"*.cursor.{name}", True, "a database", "database.row", (), True)
        for name in ("fetchone", "fetchall", "fetchmany")
    ),
    *(
        Source(STORED, f"boto3.client(rds-data).{name}", True, "a database", "database.row", (), True)
        for name in ("execute_statement",)
    ),
    *(
        Source(STORED, f"azure.storage.blob.{name}", True, "a blob", "blob", (), True)
        for name in ("BlobClient.download_blob", "ContainerClient.download_blob")
    ),
    *(
        Source(
            STORED, f"google.cloud.storage.Client.bucket.blob.{name}", True, "an object of a bucket", "blob", (), True
        )
        for name in ("download_as_bytes", "download_as_text", "download_as_string")
    ),
    *(
        Source(
            STORED,
            f"google.cloud.storage.Client.get_bucket.get_blob.{name}",
            True,
            "an object of a bucket",
            "blob",
            (),
            True,
        )
        for name in ("download_as_bytes", "download_as_text", "download_as_string")
    ),
)


_CLIENTS = (
    "requests",
    "httpx",
    "requests.Session",
    "requests.session",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
)


_OTHERS = (
    *(
        Source(EXTERNAL, f"{client}.{name}", True, "the answer of another service", "answer", (), True)
        for client in _CLIENTS
        for name in ("get", "post", "put", "patch", "delete", "request")
    ),
    *(
        Source(EXTERNAL, name, True, "the answer of another service", "answer", (), True)
        for name in (
            "urllib.request.urlopen",
            "urllib3.PoolManager.request",
            "urllib3.request",
            "http.client.HTTPSConnection.getresponse",
            "http.client.HTTPConnection.getresponse",
        )
    ),
)


_SECRETS = (
    *(
        Source(SECRET, name, True, "a secret", "secret")
        for name in (
            "boto3.client(secretsmanager).get_secret_value",
            "boto3.client(secretsmanager).batch_get_secret_value",
            "boto3.client(ssm).get_parameter",
            "boto3.client(ssm).get_parameters",
            "boto3.client(ssm).get_parameters_by_path",
            "aws_lambda_powertools.utilities.parameters.get_secret",
            "aws_lambda_powertools.utilities.parameters.get_parameter",
            "azure.keyvault.secrets.SecretClient.get_secret",
            "google.cloud.secretmanager.SecretManagerServiceClient.access_secret_version",
            "google.cloud.secretmanager_v1.SecretManagerServiceClient.access_secret_version",
            "aws_secretsmanager_caching.SecretCache.get_secret_string",
            "os.getenv",
            "boto3.client(kms).decrypt",
            "boto3.client(sts).assume_role",
            "boto3.client(sts).get_session_token",
        )
    ),
)


SOURCES: tuple[Source, ...] = (*_FRAMEWORKS, *_STORES, *_OTHERS, *_SECRETS)
