"""What makes a function of JavaScript a way in, and the parts of an event that nobody outside chooses."""

from __future__ import annotations

from collections.abc import Mapping

from .terms import Given, Guess, Route

_VERBS = ("get", "post", "put", "patch", "delete", "del", "all", "head", "options", "use")
_EXPRESS = ("express.Request", "express.Response", "")


def _callbacks(
    owners: str, parameters: tuple[str, ...], said: str, *, html: bool = False, verbs: tuple[str, ...] = _VERBS
) -> tuple[Route, ...]:
    return tuple(
        Route(f"{owner}.{verb}", "callback", parameters, html=html, said=said)
        for owner in owners.split()
        for verb in verbs
    )  # fmt: skip


# A decorator on a parameter says what it gets; all that it can say is the caller's. Source: NestJS documentation, "Controllers".
PARAMETER_DECORATORS: Mapping[str, str] = {
    **dict.fromkeys(
        ("Body", "Query", "Param", "Headers", "UploadedFile", "UploadedFiles", "Args", "HostParam", "Cookies", "MessageBody", "Payload", "BodyParam", "QueryParam",
         "QueryParams", "PathParam", "CookieParam", "HeaderParam", "Event", "Path", "Header", "RawBody"),
        "*",
    ),
    "Req": "express.Request",
    "Request": "express.Request",
    "Res": "express.Response",
    "Response": "express.Response",
}  # fmt: skip
_NEST = tuple(
    Route(f"{module}.{verb}", "decorator", ("parameter decorators",), said="a route of NestJS")
    for module in ("@nestjs/common", "routing-controllers", "tsoa")
    for verb in ("Get", "Post", "Put", "Patch", "Delete", "All", "Head", "Options")
)

ROUTES: tuple[Route, ...] = (
    *_callbacks("express express.default express.Router express.Router.route express.route", _EXPRESS, "a route of Express", html=True),
    *_callbacks("restify.createServer", ("restify.Request", "restify.Response", ""), "a route of restify"),
    *_callbacks("fastify fastify.default fastify.fastify", ("fastify.FastifyRequest", "fastify.FastifyReply"), "a route of Fastify"),
    Route("fastify.route", "callback", ("fastify.FastifyRequest", "fastify.FastifyReply"), said="a route of Fastify"),
    *(
        Route(name, "callback", ("", "event", ""), said="a resolver of GraphQL")
        for name in (
            "apollo-server-lambda.ApolloServer", "apollo-server.ApolloServer", "apollo-server-express.ApolloServer", "@apollo/server.ApolloServer", "apollo-server-azure-functions.ApolloServer",
            "graphql-yoga.createSchema", "graphql-yoga.GraphQLServer", "graphql-yoga.createYoga", "graphql-tools.makeExecutableSchema", "@graphql-tools/schema.makeExecutableSchema",
            "graphql.GraphQLObjectType", "graphql-lambda.graphqlLambda",
        )
    ),
    *_callbacks(
        "@aws-lambda-powertools/event-handler/rest.Router @aws-lambda-powertools/event-handler/http.Router", ("powertools.RequestContext",), "a route of Powertools"
    ),
    *(
        Route(f"@aws-lambda-powertools/event-handler/appsync-graphql.AppSyncGraphQLResolver.{name}", "callback", ("event", ""), said="a resolver of GraphQL")
        for name in ("onQuery", "onMutation", "resolver")
    ),
    *_callbacks("@koa/router koa-router", ("koa.Context", ""), "a route of Koa", html=True),
    Route("koa.use", "callback", ("koa.Context", ""), said="a handler of Koa", html=True),
    *_callbacks("hono.Hono hono/tiny.Hono hono/quick.Hono", ("hono.Context", ""), "a route of Hono"),
    *_callbacks("lambda-api", ("lambda-api.Request", "lambda-api.Response"), "a route of lambda-api", html=True),
    *_callbacks("itty-router.Router itty-router.AutoRouter", ("fetch.Request",), "a route"),
    *_callbacks("next-connect next-connect.createRouter", _EXPRESS, "a route"),
    Route("@google-cloud/functions-framework.http", "callback", ("express.Request", "express.Response"), said="an HTTP function", html=True),
    Route("@google-cloud/functions-framework.cloudEvent", "callback", ("event",), http=False, said="a function for events"),
    *(
        Route(f"{module}.{name}", "callback", ("express.Request", "express.Response"), said="an HTTP function", html=True)
        for module in ("firebase-functions", "firebase-functions/v1", "firebase-functions/v2", "firebase-functions.v2")
        for name in ("https.onRequest",)
    ),
    Route("firebase-functions/v2/https.onRequest", "callback", ("express.Request", "express.Response"), said="an HTTP function", html=True),
    Route("firebase-functions/v2/https.onCall", "callback", ("event",), said="a function that is called"),
    *(Route(f"firebase-functions.{name}", "callback", ("event",
        ""), http=name.startswith("https"), said="a function for events") for name in ("https.onCall", "pubsub.topic.onPublish",
        "storage.object.onFinalize", "firestore.document.onCreate", "firestore.document.onWrite", "firestore.document.onUpdate")),
    *(
        Route(f"@azure/functions.app.{name}", "callback", ("azure.functions.HttpRequest", "azure.functions.Context"), said="an HTTP function")
        for name in ("http", "get", "post", "put", "patch", "deleteRequest")
    ),
    *(
        Route(f"@azure/functions.app.{name}", "callback", ("event", "azure.functions.Context"), http=False, said="a function for messages")
        for name in ("storageQueue", "storageBlob", "serviceBusQueue", "serviceBusTopic", "eventHub", "eventGrid", "cosmosDB", "generic")
    ),
    *_NEST,
)  # fmt: skip

# What the platform itself writes into an event. Source: AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services"; Amazon API Gateway
# Developer Guide, "Set up Lambda proxy integrations" (a request for another host than the API's does not come through).
CLEAN_PATHS: tuple[str, ...] = (
    r".*\.length$",
    r"event\.requestContext(?:$|\.(?:authorizer|identity\.(?:cognito\w*|user$|userArn|caller|accountId|accessKey|principalOrgId|sourceIp|clientCert)|requestId|stage|"
    r"accountId|apiId|domainName|domainPrefix|time\w*|resourceId|resourcePath|httpMethod|protocol|extendedRequestId|connectionId|connectedAt|routeKey|eventType|"
    r"messageId|messageDirection|http\.(?:method|sourceIp|protocol)|elb))",
    r"event\.(?:httpMethod|stageVariables|isBase64Encoded|resource|routeKey|methodArn|routeArn|triggerSource|userPoolId|callerContext|identity)\b",
    r"event\.(?:headers|multiValueHeaders)\.(?:[Hh]ost|(?i:x-forwarded-(?:proto|port)|cloudfront-\w[\w-]*|x-amzn-trace-id))\b",
    r"event\.Records\[\]\.(?:eventSource|eventSourceARN|eventName|awsRegion|eventTime|eventVersion|eventID|messageId|receiptHandle|EventSource|EventSubscriptionArn|"
    r"userIdentity|requestParameters|responseElements|md5OfBody|attributes)\b",
    r"event\.Records\[\]\.s3\.(?:bucket|configurationId|s3SchemaVersion|object\.(?:size|eTag|versionId|sequencer))\b",
    r"event\.Records\[\]\.Sns\.(?:MessageId|TopicArn|Timestamp|Signature\w*|SigningCertUrl|UnsubscribeUrl|Type)$",
    r"event\.Records\[\]\.(?:dynamodb\.(?:SequenceNumber|SizeBytes|StreamViewType|ApproximateCreationDateTime)|kinesis\.(?:sequenceNumber|approximateArrivalTimestamp))",
    # Source: AWS CloudFormation User Guide, "Custom resource request objects": what CloudFormation and whoever wrote the template say.
    r"event\.(?:ResponseURL|RequestType|StackId|RequestId|LogicalResourceId|PhysicalResourceId|ResourceType|ServiceToken|(?:Old)?ResourceProperties)\b",
    r"event\.(?:detail\.bucket\b|request\.(?:userAttributes\.(?:sub|cognito:user_status|email_verified)$|groupConfiguration|newDeviceUsed|session\b))",
)
# What holds nothing but text, whatever the caller sends. (A query of Express can hold objects.)
TEXT_PATHS: tuple[str, ...] = (
    r"event\.(?:queryStringParameters|pathParameters|headers|stageVariables|multiValueHeaders|multiValueQueryStringParameters)\.[^.]+",
    r"event\.(?:body|path|rawPath|rawQueryString|httpMethod|resource|routeKey|cookies\[\])",
    r"event\.requestContext\.(?:http|identity)\.\w+",
    r"event\.Records\[\]\.(?:body|Sns\.(?:Message|Subject)|s3\.object\.key|s3\.bucket\.name|kinesis\.data)",
    r"event\.(?:params\.header|request\.headers|request\.userAttributes)\.[^.]+",
    r"request\.(?:params|headers|cookies)\.[^.]+",
    r"request\.(?:url|path|originalUrl|hostname|text)",
    r"context\.(?:params|headers|url|path|querystring|host|hostname)(?:\.[^.]+)?",
)

# What a platform gives a handler. Source: AWS Lambda Developer Guide, "Define Lambda function handler in Node.js"; Azure Functions JavaScript developer guide,
# "Export function" (version 3 of the model); Google Cloud, "Write HTTP functions".
HANDLERS: tuple[Given, ...] = (
    Given("aws", "event", position=0),
    Given("aws", "aws.context", position=1),
    Given("aws", "aws.callback", position=2),
    Given("aws", ""),
    Given("azure", "azure.functions.Context", r"_?(?:context|ctx)"),
    Given("azure", "azure.functions.HttpRequest", r"_?(?:req|request|httpRequest)"),
    Given("azure", "", r"\w*[tT]imer\w*"),
    Given("azure", "event"),
    Given("web", "fetch.Request", position=0),
    Given("web", ""),
    Given("google", "express.Request", r"_?(?:req|request)", 0),
    Given("google", "express.Response", r"_?(?:res|response|resp)", 1),
    Given("google", "event", position=0),
    Given("google", ""),
)
ANSWERING: Mapping[str, int] = {
    "aws.callback": 1,
    "aws.context.succeed": 0,
    "aws.context.done": 1,
    "azure.functions.Context.done": 1,
}
ANSWER_MEMBERS: tuple[str, ...] = ("azure.functions.Context.res", "koa.Context.body", "koa.Context.response.body")
_CONTEXT, _CALLBACK = r"_{0,2}(?:context|ctx|c)?", r"_?(?:callback|cb|done|next)"
_NAMED_SO = r"(?:\w*[hH]andler|main|lambda|run|default|processor|index)"
GUESSES: tuple[Guess, ...] = (
    *(
        Guess("aws", r"[\w$]+", (r"_?(?:event|evt|apiEvent)", *more))
        for more in ((_CONTEXT, _CALLBACK), (_CONTEXT,), ())
    ),
    *(Guess("aws", _NAMED_SO, (r"\w+|argument \d+", *more)) for more in ((_CONTEXT, _CALLBACK), (_CONTEXT,))),
    Guess("aws", r"(?:lambda)?[hH]andler", (r"\w+|argument \d+",)),
    Guess("azure", r"default|run|index|httpTrigger\w*", (r"context|ctx", r"[\w$]+")),
    *(Guess("web", r"GET|POST|PUT|PATCH|DELETE", (r"_?(?:req|request)", *more)) for more in ((), (r"[\w$ ]+",))),
    Guess("google", r"[\w$]+", (r"_?(?:req|request)", r"_?(?:res|response)")),
)
