"""Fills an emulated account with a small estate, by plain calls: `python seed_account.py ENDPOINT`. It shares nothing with the demo."""

import io
import json
import sys
import zipfile

import boto3

REGION = "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("app.py", "def handler(event, context):\n    return {}\n")
    return held.getvalue()


def seed(endpoint: str) -> None:
    session = boto3.Session("testing", "testing", region_name=REGION)

    def client(service: str):
        return session.client(service, endpoint_url=endpoint)

    iam, functions = client("iam"), client("lambda")
    for name in ("report-role", "importer-role"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="importer-role", PolicyName="everything", PolicyDocument=json.dumps(everything))
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports-of-ours/*"}
    tight = {"Version": "2012-10-17", "Statement": [reads]}
    iam.put_role_policy(RoleName="report-role", PolicyName="reads", PolicyDocument=json.dumps(tight))

    secret = "AK" + "IA" + "Z7Q3MNOPRSTUVW2X"
    for name, runtime, role, variables in (
        ("weekly-report", "python3.13", "report-role", {"BUCKET": "reports-of-ours"}),
        ("stock-importer", "nodejs12.x", "importer-role", {"UPSTREAM_KEY": secret}),
        ("greeter", "python3.13", "report-role", {}),
    ):
        functions.create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=f"arn:aws:iam::123456789012:role/{role}",
            Handler="app.handler",
            Code={"ZipFile": archive()},
            Environment={"Variables": variables},
        )
    functions.publish_version(FunctionName="greeter")
    functions.create_alias(FunctionName="greeter", Name="live", FunctionVersion="1")
    functions.create_function_url_config(FunctionName="greeter", AuthType="NONE")
    anyone = {"StatementId": "anyone", "Action": "lambda:InvokeFunction", "Principal": "*"}
    functions.add_permission(FunctionName="stock-importer", **anyone)

    rest = client("apigateway")
    api = rest.create_rest_api(name="greetings")["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    rest.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:{REGION}:123456789012:function:greeter/invocations"
    rest.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    rest.create_deployment(restApiId=api, stageName="prod")

    buckets = session.client("s3", endpoint_url=endpoint, config=boto3.session.Config(s3={"addressing_style": "path"}))
    for name in ("reports-of-ours", "open-downloads", "trail-of-ours"):
        buckets.create_bucket(Bucket=name)
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::open-downloads/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [everyone]}
    buckets.put_bucket_policy(Bucket="open-downloads", Policy=json.dumps(policy))

    topic = client("sns").create_topic(Name="open-to-all")["TopicArn"]
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    policy = {"Version": "2012-10-17", "Statement": [anybody]}
    client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy))
    client("sqs").create_queue(QueueName="plain-queue", Attributes={"SqsManagedSseEnabled": "false"})
    client("dynamodb").create_table(
        TableName="stock",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    trail = client("cloudtrail")
    trail.create_trail(Name="all-of-ours", S3BucketName="trail-of-ours", IsMultiRegionTrail=True)
    trail.start_logging(Name="all-of-ours")


if __name__ == "__main__":
    seed(sys.argv[1])
