"""Where untrusted data comes in, in JavaScript: requests of frameworks, what is read back from stores, answers of other services, secrets."""

from __future__ import annotations

from .terms import EVENT, EXTERNAL, REQUEST, SECRET, STORED, Source

_STRUCTURED = frozenset({"body", "query", "rawBody"})


def _request(owner: str, names: str, shown: str = "request") -> tuple[Source, ...]:
    return tuple(
        Source(REQUEST, f"{owner}.{name}", path=f"{shown}.{name}", structured=name in _STRUCTURED)
        for name in names.split()
    )


def _request_call(owner: str, names: str, shown: str = "request") -> tuple[Source, ...]:
    return tuple(
        Source(REQUEST, f"{owner}.{name}", called=True, path=f"{shown}.{name.rsplit('.', 1)[-1]}", structured=name.endswith(("json", "body", "parseBody")))
        for name in names.split()
    )  # fmt: skip


_EXPRESS = "body query params headers cookies url originalUrl path hostname files file rawBody signedCookies subdomains apiGateway.event"
_REQUESTS = (
    *_request_call("express.Request", "get header param"),
    *_request("express.Request", _EXPRESS),
    *_request("restify.Request", "body query params headers url"),
    *_request("fastify.FastifyRequest", "body query params headers cookies url hostname raw.url"),
    *_request("koa.Context", "request.body query params headers request.query request.headers request.url url path querystring host hostname", "context"),
    *_request_call("koa.Context", "get cookies.get request.get", "context"),
    *_request("hono.Context", "req.url req.path", "context"),
    *_request_call("hono.Context",
        "req.query req.queries req.param req.header req.json req.text req.parseBody req.formData req.blob req.arrayBuffer req.valid", "context"),
    *_request("fetch.Request", "url headers query params body nextUrl.searchParams"),
    *_request_call("fetch.Request", "json text formData blob arrayBuffer query.get params.get headers.get nextUrl.searchParams.get"),
    *_request("azure.functions.HttpRequest", "body query params headers rawBody url originalUrl"),
    *_request_call("azure.functions.HttpRequest", "json text formData blob arrayBuffer query.get headers.get params.get query.getAll query.entries"),
    *_request("azure.functions.Context", "req.body req.query req.params req.headers req.rawBody bindings bindingData", "context"),
    *_request("powertools.RequestContext", "event params req.url req.body", "request"),
    *_request_call("powertools.RequestContext", "req.json req.text req.headers.get"),
    *_request("lambda-api.Request", "body query params headers path rawBody cookies requestContext"),
)  # fmt: skip

_TABLE, _OBJECT = ("TableName",), ("Bucket", "Key")


def _stored(names: str, resource: tuple[str, ...], said: str) -> tuple[Source, ...]:
    return tuple(
        Source(STORED, name, called=True, said=said, resource=resource, structured=True) for name in names.split()
    )


_STORES = (
    *_stored(
        "aws-sdk.DynamoDB.DocumentClient.get aws-sdk.DynamoDB.DocumentClient.query aws-sdk.DynamoDB.DocumentClient.scan aws-sdk.DynamoDB.DocumentClient.batchGet "
        "aws-sdk.DynamoDB.getItem aws-sdk.DynamoDB.query aws-sdk.DynamoDB.scan @aws-sdk/lib-dynamodb.GetCommand @aws-sdk/lib-dynamodb.QueryCommand "
        "@aws-sdk/lib-dynamodb.ScanCommand @aws-sdk/lib-dynamodb.BatchGetCommand @aws-sdk/client-dynamodb.GetItemCommand @aws-sdk/client-dynamodb.QueryCommand "
        "@aws-sdk/client-dynamodb.ScanCommand @aws-sdk/client-dynamodb.DynamoDB.getItem @aws-sdk/client-dynamodb.DynamoDB.query @aws-sdk/client-dynamodb.DynamoDB.scan "
        "@aws-sdk/lib-dynamodb.DynamoDBDocument.from.get @aws-sdk/lib-dynamodb.DynamoDBDocument.from.query @aws-sdk/lib-dynamodb.DynamoDBDocument.from.scan",
        _TABLE,
        "an item read from a table",
    ),
    *_stored(
        "aws-sdk.S3.getObject @aws-sdk/client-s3.GetObjectCommand @aws-sdk/client-s3.S3.getObject @google-cloud/storage.Storage.bucket.file.download",
        _OBJECT,
        "an object read from a bucket",
    ),
    *_stored(
        "aws-sdk.SQS.receiveMessage @aws-sdk/client-sqs.ReceiveMessageCommand @aws-sdk/client-sqs.SQS.receiveMessage",
        ("QueueUrl",),
        "a message received from a queue",
    ),
    *_stored(
        "aws-sdk.Kinesis.getRecords @aws-sdk/client-kinesis.GetRecordsCommand",
        ("StreamName",),
        "records read from a stream",
    ),
    *_stored("redis.createClient.get redis.createClient.hGetAll redis.createClient.hGet ioredis.get ioredis.hgetall ioredis.Redis.get", (),
        "a value read from a cache"),
    *_stored("@google-cloud/firestore.Firestore.collection.doc.get firebase-admin.firestore.collection.doc.get", (), "a document read from a store"),
    *_stored("@azure/storage-blob.BlobClient.download @azure/storage-blob.BlockBlobClient.downloadToBuffer", (), "a blob read from a container"),
    *_stored("@azure/cosmos.CosmosClient.database.container.items.query.fetchAll", (), "an item read from a container"),
)  # fmt: skip

_VERBS = "get post put patch delete head request"
_ASKED = "the answer of another service"


def _answers(owners: str, verbs: str = _VERBS) -> tuple[Source, ...]:
    return tuple(
        Source(EXTERNAL, f"{owner}.{verb}" if verb else owner, called=True, said=_ASKED, structured=True)
        for owner in owners.split()
        for verb in (*verbs.split(), "")
    )


_EXTERNAL = (
    *_answers("axios axios.create got got.extend superagent needle request-promise @nestjs/axios.HttpService bent ky undici"),
    *_answers("fetch node-fetch cross-fetch undici.fetch undici.request global.fetch globalThis.fetch isomorphic-fetch ofetch $fetch", ""),
    *_answers("https http", "get request"),
)  # fmt: skip

_SECRET = "a secret"
_SECRETS = tuple(
    Source(SECRET, name, called=True, said=_SECRET)
    for name in (
        "aws-sdk.SecretsManager.getSecretValue",
        "@aws-sdk/client-secrets-manager.GetSecretValueCommand",
        "@aws-sdk/client-secrets-manager.SecretsManager.getSecretValue",
        "@aws-lambda-powertools/parameters/secrets.getSecret",
        "@aws-lambda-powertools/parameters/secrets.SecretsProvider.get",
        "@azure/keyvault-secrets.SecretClient.getSecret",
        "@google-cloud/secret-manager.SecretManagerServiceClient.accessSecretVersion",
        "aws-sdk.SSM.getParameter",
        "aws-sdk.SSM.getParameters",
        "aws-sdk.SSM.getParametersByPath",
        "@aws-sdk/client-ssm.GetParameterCommand",
        "@aws-sdk/client-ssm.GetParametersCommand",
        "@aws-sdk/client-ssm.GetParametersByPathCommand",
        "@aws-sdk/client-ssm.SSM.getParameter",
        "aws-sdk.STS.assumeRole",
        "@aws-sdk/client-sts.AssumeRoleCommand",
        "aws-sdk.STS.getSessionToken",
        "@aws-sdk/client-sts.GetSessionTokenCommand",
    )
)

_EVENTS = (
    Source(EVENT, "@aws-lambda-powertools/event-handler.event", path="event", structured=True),
    Source(REQUEST, "apigateway.request.body", path="request.body", structured=True),
)

SOURCES: tuple[Source, ...] = (*_REQUESTS, *_STORES, *_EXTERNAL, *_SECRETS, *_EVENTS)
