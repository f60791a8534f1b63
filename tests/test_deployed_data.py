"""What templates say of buckets, tables, queues, keys, secrets, databases, logs and networks, from their text to findings; each defect with a safe twin."""

import pytest
import yaml

from assaybook.code.templates.deployed import ANSWERED, AS_DECLARED, NOT_FROM_TEMPLATES, WHERE_DECLARED, deployed
from assaybook.code.templates.resources import Template, Unresolved
from assaybook.evidence import Gap, Hole
from assaybook.plan.aws import CALLS
from assaybook.policy.plaintext import refuses_plaintext
from assaybook.policy.truth import Truth
from assaybook.tables.alerting import CostAlarm
from assaybook.tables.data import Share, Store
from assaybook.tables.monitoring import Alarm, LogGroup
from assaybook.tables.network import NetworkAttachment
from assaybook.tables.privacy import LogMask
from assaybook.tables.secrets import Secret
from deployed_stack import AT, findings, made, of, one, outcomes, resources, rows, template

EVERYONE = "{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}"
OPEN_BLOCKS = (
    "{BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}"
)
HTTPS_ONLY = (
    "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: [!GetAtt B.Arn, !Sub '${B.Arn}/*'], "
    "Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
)


def bucket(properties: str = "", policy: str = "") -> str:
    """A bucket called b, with a policy of one statement."""
    attached = f"  P: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref B, PolicyDocument: {{Statement: [{policy}]}}}}}}\n"
    return f"  B: {{Type: AWS::S3::Bucket, Properties: {{BucketName: b, {properties}}}}}\n" + (
        attached if policy else ""
    )


def thing(kind: str, properties: str) -> str:
    """One resource called T."""
    return f"  T: {{Type: 'AWS::{kind}', Properties: {{{properties}}}}}\n"


def stack(body: str) -> str:
    """A template with these resources."""
    return f"Parameters:\n  Open: {{Type: String}}\n  Flag: {{Type: String}}\nResources:\n{body}"


FUNCTION = (
    "  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Runtime: python3.13, Handler: a.b, Role: !GetAtt R.Arn, Code: {ZipFile: x}%s}}\n"
    "  R: {Type: AWS::IAM::Role, Properties: {RoleName: r, AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com},"
    " Action: 'sts:AssumeRole'}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}}]}}\n"
)
# What it shows: template, check, thing, outcome, a part of the sentence.
CASES: dict[str, tuple[str, str, str, str, str]] = {
    "a bucket whose policy lets in everyone": (
        bucket(f"PublicAccessBlockConfiguration: {OPEN_BLOCKS}", EVERYONE), "public-store", "b", "fail", "open to everyone"),
    "such a policy without a word about blocks, as before 2023": (bucket("", EVERYONE), "public-store", "b", "fail", "open to everyone"),
    "then nothing blocks public access either": (bucket("", EVERYONE), "public-access-not-blocked", "b", "fail", "four ways"),
    "such a policy behind Block Public Access": (
        bucket("PublicAccessBlockConfiguration: {RestrictPublicBuckets: true, BlockPublicPolicy: true, BlockPublicAcls: true, IgnorePublicAcls: true}", EVERYONE),
        "public-store", "b", "pass", "makes void"),
    "a public list": (bucket("AccessControl: PublicRead"), "public-store", "b", "fail", "READ for everybody"),
    "a list that anyone may write": (bucket("AccessControl: PublicReadWrite"), "public-store", "b", "fail", "WRITE"),
    "a list in the words of Terraform": (bucket("AccessControl: public-read"), "public-store", "b", "fail", "READ"),
    "a list for every AWS user": (bucket("AccessControl: AuthenticatedRead"), "public-store", "b", "fail", "every AWS user"),
    "a public list where ownership is enforced": (
        bucket("AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}"), "public-store", "b", "pass", ""),
    "a private list": (bucket("AccessControl: Private"), "public-store", "b", "pass", "nobody beyond"),
    "a new bucket": (bucket(), "public-access-not-blocked", "b", "pass", "all four ways"),
    "blocks that are set in part": (bucket("PublicAccessBlockConfiguration: {BlockPublicAcls: true}"), "public-access-not-blocked", "b", "fail", "3 of four"),
    "blocks that hang on a parameter": (bucket("PublicAccessBlockConfiguration: !Ref Open"), "public-access-not-blocked", "b", "unknown", ""),
    "a block that hangs on a parameter": (
        bucket("PublicAccessBlockConfiguration: {BlockPublicAcls: !Ref Flag, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"),
        "public-access-not-blocked", "b", "unknown", ""),
    "a policy for a network only": (
        bucket("", "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}}"),
        "public-store", "b", "pass", ""),
    "a policy that a parameter holds": (
        "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: !Ref Open}}\n",
        "public-store", "b", "unknown", "not resolved"),
    "a policy for a bucket that a parameter names": (
        "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n"
        f"  P: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref Open, PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n",
        "public-store", "b", "unknown", ""),
    "a bucket that takes plaintext": (bucket(), "store-accepts-plaintext", "b", "fail", "no policy"),
    "a bucket that refuses plaintext": (bucket("", HTTPS_ONLY), "store-accepts-plaintext", "b", "pass", "refused"),
    "a bucket that may refuse plaintext": (
        bucket("", HTTPS_ONLY.replace("!GetAtt B.Arn", "!Ref Open")), "store-accepts-plaintext", "b", "review", "leaves open"),
    "a bucket without versions": (bucket(), "store-without-recovery", "b", "unknown", ""),
    "a bucket with versions": (bucket("VersioningConfiguration: {Status: Enabled}"), "store-without-recovery", "b", "pass", "versions"),
    "a bucket that a rule empties": (
        bucket("Tags: [{Key: data-classification, Value: public}], LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 9}]}"),
        "data-kept-too-long", "b", "not_applicable", ""),
    "a table without recovery": (thing("DynamoDB::Table", "TableName: t"), "store-without-recovery", "t", "unknown", ""),
    "a table with recovery": (
        thing("DynamoDB::Table", "TableName: t, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}"),
        "store-without-recovery", "t", "pass", "point-in-time"),
    "a table whose recovery a parameter decides": (
        thing("DynamoDB::Table", "TableName: t, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Flag}"),
        "store-without-recovery", "t", "unknown", ""),
    "a table of several regions with recovery here": (
        thing("DynamoDB::GlobalTable", "TableName: t, Replicas: [{Region: us-east-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}},"
              " {Region: eu-west-1}]"), "store-without-recovery", "t", "pass", ""),
    "a table that one call deletes": (thing("DynamoDB::Table", "TableName: t"), "store-without-deletion-protection", "t", "fail", "one call"),
    "a protected table": (
        thing("DynamoDB::Table", "TableName: t, DeletionProtectionEnabled: 'true'"), "store-without-deletion-protection", "t", "pass", "protected"),
    "a table open to everyone": (
        thing("DynamoDB::Table", f"TableName: t, ResourcePolicy: {{PolicyDocument: {{Statement: [{EVERYONE}]}}}}"), "public-store", "t", "fail", ""),
    "a table that only we reach": (thing("DynamoDB::Table", "TableName: t"), "public-store", "t", "pass", ""),
    "a queue that encrypts by default": (thing("SQS::Queue", "QueueName: q"), "store-not-encrypted", "q", "pass", "SQS manages"),
    "a queue that does not encrypt": (thing("SQS::Queue", "QueueName: q, SqsManagedSseEnabled: false"), "store-not-encrypted", "q", "fail", ""),
    "a queue whose encryption a parameter decides": (thing("SQS::Queue", "QueueName: q, SqsManagedSseEnabled: !Ref Flag"), "store-not-encrypted", "q", "unknown", ""),
    "a queue under a key of ours": (thing("SQS::Queue", "QueueName: q, KmsMasterKeyId: alias/ours"), "store-not-encrypted", "q", "pass", "KMS"),
    "a queue that anyone may fill": (
        thing("SQS::Queue", "QueueName: q") + f"  P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref T], PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n",
        "public-store", "q", "fail", "open to everyone"),
    "a queue that a topic fills": (
        thing("SQS::Queue", "QueueName: q") + "  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref T], PolicyDocument: {Statement: [{Effect: Allow,"
        " Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt T.Arn,"
        " Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:us-east-1:111122223333:t'}}}]}}}\n", "public-store", "q", "pass", ""),
    "a queue policy that names its queue by ARN": (
        thing("SQS::Queue", "QueueName: q") + f"  P: {{Type: AWS::SQS::QueueInlinePolicy, Properties: {{Queue: !GetAtt T.Arn, PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n",
        "public-store", "q", "fail", ""),
    "a topic that does not encrypt": (thing("SNS::Topic", "TopicName: t"), "store-not-encrypted", "t", "fail", ""),
    "a topic that encrypts": (thing("SNS::Topic", "TopicName: t, KmsMasterKeyId: alias/aws/sns"), "store-not-encrypted", "t", "pass", ""),
    "a topic under the key of another stack": (thing("SNS::Topic", "TopicName: t, KmsMasterKeyId: !ImportValue k"), "store-not-encrypted", "t", "unknown", ""),
    "a topic as it is made": (thing("SNS::Topic", "TopicName: t"), "public-store", "t", "pass", "lets everyone in"),
    "a topic that anyone may publish to": (
        thing("SNS::Topic", "TopicName: t") + f"  P: {{Type: AWS::SNS::TopicPolicy, Properties: {{Topics: [!Ref T], PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n",
        "public-store", "t", "fail", ""),
    "a subscription over plain HTTP": (
        thing("SNS::Topic", "TopicName: t, Subscription: [{Protocol: http, Endpoint: 'http://a.example/'}]"), "subscription-over-plain-http", "http of t", "fail", "a.example"),
    "a subscription over HTTPS": (
        thing("SNS::Topic", "TopicName: t") + "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: https, Endpoint: 'https://a.example/'}}\n",
        "subscription-over-plain-http", "https of t", "pass", ""),
    "a stream that does not encrypt": (thing("Kinesis::Stream", "Name: s"), "store-not-encrypted", "s", "fail", ""),
    "a stream that encrypts": (thing("Kinesis::Stream", "Name: s, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}"), "store-not-encrypted", "s", "pass", ""),
    "a delivery stream that does not encrypt": (thing("KinesisFirehose::DeliveryStream", "DeliveryStreamName: d"), "store-not-encrypted", "d", "fail", ""),
    "a delivery stream that encrypts": (
        thing("KinesisFirehose::DeliveryStream", "DeliveryStreamName: d, DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}"), "store-not-encrypted", "d", "pass", ""),
    "a delivery stream that reads from a stream": (
        thing("KinesisFirehose::DeliveryStream", "DeliveryStreamName: d, KinesisStreamSourceConfiguration: {KinesisStreamARN: a, RoleARN: b}"), "store-not-encrypted", "d", "pass", "reads from"),
    "a key that does not rotate": (thing("KMS::Key", "Description: k"), "key-not-rotated", "", "fail", "off"),
    "a key that rotates": (thing("KMS::Key", "EnableKeyRotation: true"), "key-not-rotated", "", "pass", ""),
    "a key whose rotation a parameter decides": (thing("KMS::Key", "EnableKeyRotation: !Ref Flag"), "key-not-rotated", "", "unknown", ""),
    "a key that KMS cannot rotate": (thing("KMS::Key", "KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY"), "key-not-rotated", "", "not_applicable", ""),
    "a key that is switched off": (thing("KMS::Key", "Enabled: false"), "key-not-rotated", "", "not_applicable", "disabled"),
    "a key for everyone": (thing("KMS::Key", f"KeyPolicy: {{Statement: [{EVERYONE}]}}"), "key-policy-open-to-anyone", "", "fail", ""),
    "a key under the usual policy": (thing("KMS::Key", "Description: k"), "key-policy-open-to-anyone", "", "pass", ""),
    "a secret that does not rotate": (thing("SecretsManager::Secret", "Name: s"), "secret-not-rotated", "s", "fail", "off"),
    "a secret that rotates": (
        thing("SecretsManager::Secret", "Name: s") + "  S: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref T, RotationRules: {AutomaticallyAfterDays: 30}}}\n",
        "secret-not-rotated", "s", "pass", ""),
    "a secret that rotates later": (
        thing("SecretsManager::Secret", "Name: s") + "  S: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref T, RotateImmediatelyOnUpdate: false}}\n",
        "secret-not-rotated", "s", "unknown", "when the secret is rotated first"),
    "whether a secret is read": (thing("SecretsManager::Secret", "Name: s"), "secret-unused", "s", "unknown", "whether anybody reads"),
    "a secret for everyone": (
        thing("SecretsManager::Secret", "Name: s") + f"  S: {{Type: AWS::SecretsManager::ResourcePolicy, Properties: {{SecretId: !Ref T, ResourcePolicy: {{Statement: [{EVERYONE}]}}}}}}\n",
        "public-store", "s", "fail", ""),
    "a plain parameter under the name of a secret": (thing("SSM::Parameter", "Name: /a/db-password, Type: String, Value: x"), "secret-kept-as-plain-parameter", "/a/db-password", "fail", ""),
    "an encrypted parameter": (thing("SSM::Parameter", "Name: /a/db-password, Type: SecureString, Value: x"), "secret-kept-as-plain-parameter", "/a/db-password", "pass", ""),
    "a parameter of another name": (thing("SSM::Parameter", "Name: /a/colour, Type: String, Value: x"), "secret-kept-as-plain-parameter", "/a/colour", "not_applicable", ""),
    "a database in the internet": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, PubliclyAccessible: true"), "database-with-public-address", "d", "fail", ""),
    "a database without": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, PubliclyAccessible: false"), "database-with-public-address", "d", "pass", ""),
    "a database that does not encrypt": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql"), "store-not-encrypted", "d", "fail", ""),
    "a database that encrypts": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, StorageEncrypted: true"), "store-not-encrypted", "d", "pass", ""),
    "a database from a snapshot": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, DBSnapshotIdentifier: s"), "store-not-encrypted", "d", "unknown", "as its original"),
    "a new cluster of Aurora": (thing("RDS::DBCluster", "DBClusterIdentifier: d, Engine: aurora-mysql"), "store-not-encrypted", "d", "pass", ""),
    "a cluster of DocumentDB": (thing("DocDB::DBCluster", "DBClusterIdentifier: d"), "store-not-encrypted", "d", "fail", ""),
    "a database without backups": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, BackupRetentionPeriod: 0"), "store-without-recovery", "d", "unknown", ""),
    "a database with backups": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: mysql, BackupRetentionPeriod: '7'"), "store-without-recovery", "d", "pass", "7 days"),
    "a database that refuses plaintext": (
        thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: postgres, DBParameterGroupName: !Ref G") + "  G: {Type: AWS::RDS::DBParameterGroup, Properties: {Parameters: {rds.force_ssl: 1}}}\n",
        "store-accepts-plaintext", "d", "pass", ""),
    "a database that takes plaintext": (
        thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: postgres, DBParameterGroupName: !Ref G") + "  G: {Type: AWS::RDS::DBParameterGroup, Properties: {Parameters: {rds.force_ssl: 0}}}\n",
        "store-accepts-plaintext", "d", "fail", ""),
    "a database under the usual parameters": (thing("RDS::DBInstance", "DBInstanceIdentifier: d, Engine: postgres"), "store-accepts-plaintext", "d", "unknown", ""),
    "a proxy that takes plaintext": (thing("RDS::DBProxy", "DBProxyName: p, EngineFamily: MYSQL"), "proxy-accepts-plaintext", "p", "fail", ""),
    "a proxy that demands TLS": (thing("RDS::DBProxy", "DBProxyName: p, EngineFamily: MYSQL, RequireTLS: true"), "proxy-accepts-plaintext", "p", "pass", ""),
    "a search domain for everyone": (thing("OpenSearchService::Domain", f"DomainName: d, AccessPolicies: {{Statement: [{EVERYONE}]}}"), "public-store", "d", "fail", ""),
    "a search domain in a network": (
        thing("OpenSearchService::Domain", f"DomainName: d, VPCOptions: {{SubnetIds: [s]}}, AccessPolicies: {{Statement: [{EVERYONE}]}}"), "public-store", "d", "pass", "network of its own"),
    "a search domain that does not encrypt": (thing("Elasticsearch::Domain", "DomainName: d"), "store-not-encrypted", "d", "fail", ""),
    "a search domain that encrypts": (thing("Elasticsearch::Domain", "DomainName: d, EncryptionAtRestOptions: {Enabled: true}"), "store-not-encrypted", "d", "pass", ""),
    "a search domain that takes plaintext": (thing("OpenSearchService::Domain", "DomainName: d"), "store-accepts-plaintext", "d", "fail", "HTTPS"),
    "a search domain that refuses plaintext": (
        thing("OpenSearchService::Domain", "DomainName: d, DomainEndpointOptions: {EnforceHTTPS: true}, NodeToNodeEncryptionOptions: {Enabled: true}"), "store-accepts-plaintext", "d", "pass", ""),
    "a cache that does not encrypt": (thing("ElastiCache::ReplicationGroup", "ReplicationGroupId: c"), "store-not-encrypted", "c", "fail", ""),
    "a cache that encrypts": (thing("ElastiCache::ReplicationGroup", "ReplicationGroupId: c, AtRestEncryptionEnabled: true"), "store-not-encrypted", "c", "pass", ""),
    "a cache that takes plaintext": (thing("ElastiCache::ReplicationGroup", "ReplicationGroupId: c"), "store-accepts-plaintext", "c", "fail", ""),
    "a serverless cache": (thing("ElastiCache::ServerlessCache", "ServerlessCacheName: c, Engine: redis"), "store-accepts-plaintext", "c", "pass", ""),
    "an accelerator that does not encrypt": (thing("DAX::Cluster", "ClusterName: c"), "store-not-encrypted", "c", "fail", ""),
    "an accelerator that encrypts": (thing("DAX::Cluster", "ClusterName: c, SSESpecification: {SSEEnabled: true}"), "store-not-encrypted", "c", "pass", ""),
    "an in-memory database": (thing("MemoryDB::Cluster", "ClusterName: c"), "store-accepts-plaintext", "c", "pass", ""),
    "an in-memory database that takes plaintext": (thing("MemoryDB::Cluster", "ClusterName: c, TLSEnabled: false"), "store-accepts-plaintext", "c", "fail", ""),
    "a file system that does not encrypt": (thing("EFS::FileSystem", "FileSystemTags: [{Key: Name, Value: f}]"), "store-not-encrypted", "f", "fail", ""),
    "a file system that encrypts": (thing("EFS::FileSystem", "Encrypted: true, FileSystemTags: [{Key: Name, Value: f}]"), "store-not-encrypted", "f", "pass", ""),
    "logs that are kept too short": (thing("Logs::LogGroup", "LogGroupName: g, RetentionInDays: 14"), "log-retention-outside-limits", "g", "fail", "14 days"),
    "logs that are kept": (thing("Logs::LogGroup", "LogGroupName: g, RetentionInDays: 400"), "log-retention-outside-limits", "g", "pass", ""),
    "logs whose time a parameter sets": (thing("Logs::LogGroup", "LogGroupName: g, RetentionInDays: !Ref Open"), "log-retention-outside-limits", "g", "unknown", ""),
    "logs of a function that declares none": (FUNCTION % "", "log-retention-outside-limits", "/aws/lambda/f", "pass", "without end"),
    "a critical function without alarm": (FUNCTION % ", Tags: [{Key: criticality, Value: high}]", "critical-workload-without-alarm", "f", "unknown", "alarm metrics"),
    "an alarm on a topic that a function hears": (
        thing("CloudWatch::Alarm", "AlarmName: a, MetricName: m, Namespace: n, AlarmActions: [!Ref S]") + "  S: {Type: AWS::SNS::Topic, Properties: {Subscription:"
        " [{Protocol: lambda, Endpoint: 'arn:aws:lambda:us-east-1:111122223333:function:x'}]}}\n", "alarm-reaches-nobody", "a", "pass", ""),
    "an alarm on a topic with a mailbox": (
        thing("CloudWatch::Alarm", "AlarmName: a, AlarmActions: [!Ref S]") + "  S: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: email, Endpoint: a@b.example}]}}\n",
        "alarm-reaches-nobody", "a", "unknown", "confirmed"),
    "an alarm without action": (thing("CloudWatch::Alarm", "AlarmName: a, MetricName: m, Namespace: n"), "alarm-reaches-nobody", "a", "unknown", ""),
    "a trail without digests": (thing("CloudTrail::Trail", "TrailName: t, IsLogging: true, S3BucketName: x"), "evidence-not-protected", "t", "fail", "digests"),
    "a trail under a key of ours": (thing("CloudTrail::Trail", "TrailName: t, IsLogging: true, S3BucketName: x, KMSKeyId: alias/k"), "trail-without-own-key", "t", "pass", ""),
    "a trail of all regions": (
        FUNCTION % "" + thing("CloudTrail::Trail", "TrailName: t, IsLogging: true, S3BucketName: x, IsMultiRegionTrail: true, EnableLogFileValidation: true"),
        "no-active-audit-trail", "*", "pass", "the trail t"),
    "a trail that is not logging": (FUNCTION % "" + thing("CloudTrail::Trail", "TrailName: t, IsLogging: false, S3BucketName: x"), "no-active-audit-trail", "*", "review", "is not logging"),
    "no trail": (FUNCTION % "", "no-active-audit-trail", "*", "unknown", ""),
    "no detector": (FUNCTION % "", "threat-detection-off", "*", "unknown", ""),
    "a detector that is switched off": (thing("GuardDuty::Detector", "Enable: false"), "threat-detection-off", "*", "fail", ""),
    "a detector that looks at functions": (
        thing("GuardDuty::Detector", "Enable: true, Features: [{Name: LAMBDA_NETWORK_LOGS, Status: ENABLED}, {Name: S3_DATA_EVENTS, Status: ENABLED}]"), "threat-detection-off", "*", "pass", ""),
    "no budget": (FUNCTION % "", "no-cost-alarm", "*", "unknown", ""),
    "an image repository for everyone": (thing("ECR::Repository", f"RepositoryName: i, RepositoryPolicyText: {{Statement: [{EVERYONE}]}}"), "public-store", "i", "fail", ""),
    "an image repository": (thing("ECR::Repository", "RepositoryName: i"), "public-store", "i", "pass", ""),
    "a vault of backups for everyone": (thing("Backup::BackupVault", f"BackupVaultName: v, AccessPolicy: {{Statement: [{EVERYONE}]}}"), "public-store", "v", "fail", ""),
    "a build that holds a secret": (
        thing("CodeBuild::Project", "Name: b, Environment: {EnvironmentVariables: [{Name: DB_PASSWORD, Value: 'correct-horse-91!'}]}"), "plaintext-secret-in-build", "b", "fail", "DB_PASSWORD"),
    "a build that names a secret": (
        thing("CodeBuild::Project", "Name: b, Environment: {EnvironmentVariables: [{Name: COLOUR, Value: blue}, {Name: DB_PASSWORD, Type: SECRETS_MANAGER, Value: db}]}"),
        "plaintext-secret-in-build", "b", "pass", ""),
    "a pipeline without approval": (
        thing("CodePipeline::Pipeline", "Name: p, Stages: [{Name: s, Actions: [{ActionTypeId: {Category: Deploy, Provider: Lambda}, Name: d}]}]"), "pipeline-without-approval", "p", "review", ""),
    "a pipeline with approval": (
        thing("CodePipeline::Pipeline", "Name: p, Stages: [{Name: s, Actions: [{Name: a, RunOrder: 1, ActionTypeId: {Category: Approval, Provider: Manual}},"
              " {Name: d, RunOrder: 2, ActionTypeId: {Category: Deploy, Provider: CloudFormation}}]}]"), "pipeline-without-approval", "p", "pass", ""),
    "a build that strangers start": (
        thing("CodeBuild::Project", "Name: b, Triggers: {Webhook: true, FilterGroups: [[{Type: EVENT, Pattern: PULL_REQUEST_CREATED}]]}"), "build-started-by-strangers", "b", "review", ""),
    "a build whose start a parameter decides": (
        thing("CodeBuild::Project", "Name: b, Triggers: {Webhook: true, FilterGroups: [[{Type: EVENT, Pattern: !Ref Open}]]}"), "build-started-by-strangers", "*", "unknown", "which events"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_template_is_judged_as_its_stack_would_be(name: str) -> None:
    body, check, about, outcome, because = CASES[name]
    found = [
        each for each in findings(template(stack(body)), check) if about in ("", "*") or each.subject.name == about
    ]
    # Those about whole regions may come several times, as a call that is answered in part leaves a hole.
    assert outcome in {each.outcome.value for each in found}, [(each.outcome.value, each.because) for each in found]
    if about:
        assert any(because in each.because for each in found if each.outcome.value == outcome)
    if about not in ("", "*"):
        assert {each.outcome.value for each in found} == {outcome}
        assert all(each.where.startswith("template.yaml:") for each in found)


def test_every_call_is_answered_or_not_and_never_both() -> None:
    groups = (ANSWERED, tuple(AS_DECLARED), tuple(WHERE_DECLARED), tuple(NOT_FROM_TEMPLATES))
    named = [call for group in groups for call in group]
    assert len(named) == len(set(named))
    assert set(named) <= {call.key for call in CALLS}
    assert all(why for group in (AS_DECLARED, WHERE_DECLARED, NOT_FROM_TEMPLATES) for why in group.values())


def test_an_empty_stack_answers_what_it_is_the_population_of_and_nothing_else() -> None:
    calls = {each.call for each in deployed(resources(), AT)}
    assert {
        "s3:ListBuckets",
        "dynamodb:ListTables",
        "sqs:ListQueues",
        "kms:ListKeys",
        "logs:DescribeLogGroups",
    } <= calls
    assert not calls & {*AS_DECLARED, *WHERE_DECLARED, *NOT_FROM_TEMPLATES}
    assert all(not each.answer or each.reason == "" for each in deployed(resources(), AT))


def test_alarms_of_a_template_are_not_all_alarms() -> None:
    found = rows(template(stack(thing("CloudWatch::Alarm", "AlarmName: a, MetricName: m, Namespace: n"))))
    assert [each.subject.name for each in found if isinstance(each, Alarm)] == ["a"]
    (hole,) = [each for each in found if isinstance(each, Hole) and each.table is Alarm]
    assert hole.gap.state == "not_asked" and "another stack" in hole.gap.reason


def test_a_declared_budget_is_one_that_tells_somebody() -> None:
    budget = "Budget: {BudgetName: b, BudgetType: COST, TimeUnit: MONTHLY}, NotificationsWithSubscribers: [{Notification: {Threshold: 1}}]"
    assert of(template(stack(thing("Budgets::Budget", budget))), CostAlarm)["b"].told is True


def test_composite_alarms_know_their_parts() -> None:
    body = (
        thing("CloudWatch::Alarm", "AlarmName: a")
        + "  C: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmName: c, AlarmRule: 'ALARM(a)', AlarmActions: [x]}}\n"
    )
    assert of(template(stack(body)), Alarm)["a"].part_of == ("c",)


def test_a_function_gets_a_log_group_unless_the_stack_declares_it() -> None:
    own = FUNCTION % "" + thing("Logs::LogGroup", "LogGroupName: /aws/lambda/f, RetentionInDays: 30")
    assert {name: each.retention_days for name, each in of(template(stack(own)), LogGroup).items()} == {
        "/aws/lambda/f": 30
    }
    chosen = FUNCTION % ", LoggingConfig: {LogGroup: !Ref T}" + thing("Logs::LogGroup", "LogGroupName: g")
    assert set(of(template(stack(chosen)), LogGroup)) == {"g"}
    named = FUNCTION % ", LoggingConfig: {LogGroup: shared}"
    assert set(of(template(stack(named)), LogGroup)) == {"shared"}


def test_tags_come_from_the_template_and_say_which_it_is() -> None:
    tagged = of(template(stack(thing("SQS::Queue", "QueueName: q, Tags: [{Key: env, Value: prod}]"))), Store)["q"]
    assert (
        tagged.tags == {"env": "prod", "aws:cloudformation:stack-name": "template.yaml"} and tagged.production is True
    )
    open_tags = of(template(stack(thing("SQS::Queue", "QueueName: q, Tags: !Ref Open"))), Store)["q"]
    assert isinstance(open_tags.tags, Gap) and open_tags.encryption == "keys that SQS manages"


def test_a_secret_under_an_unknown_key_is_still_judged() -> None:
    found = of(template(stack(thing("SecretsManager::Secret", "Name: s, KmsKeyId: !ImportValue k"))), Secret)["s"]
    assert isinstance(found.key_id, Gap) and found.rotates is False


def test_no_value_of_a_parameter_or_build_leaves_the_template() -> None:
    secret = "correct-horse-" + "battery-91!"
    body = thing("SSM::Parameter", f"Name: /a/db-password, Type: String, Value: {secret!r}")
    body += f"  B: {{Type: AWS::CodeBuild::Project, Properties: {{Name: b, Environment: {{EnvironmentVariables: [{{Name: DB_PASSWORD, Value: {secret!r}}}]}}}}}}\n"
    assert secret not in repr(rows(template(stack(body))))
    assert secret not in repr([each.because for each in findings(template(stack(body)))])


NETWORK = """
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  I: {Type: AWS::EC2::InternetGateway}
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, AvailabilityZone: us-east-1a}}
  S2: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, AvailabilityZone: us-east-1b}}
  N: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref S2}}
  T1: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref V}}
  A1: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref S, RouteTableId: !Ref T1}}
  R1: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T1, DestinationCidrBlock: 0.0.0.0/0, %s}}
  G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, VpcId: !Ref V%s}}
"""
ATTACHED = FUNCTION % ", VpcConfig: {SubnetIds: [!Ref S], SecurityGroupIds: [!Ref G]}"


def test_the_network_around_a_function_is_read_from_the_stack() -> None:
    public = template(stack(NETWORK % ("GatewayId: !Ref I", "") + ATTACHED))
    row = of(public, NetworkAttachment)["f"]
    assert row.zones == ("us-east-1a",) and len(row.public_subnets) == 1 and row.way_out == ""
    assert row.open_groups and "everything to 0.0.0.0/0" in row.open_groups[0]
    assert outcomes(public, "workload-in-public-subnet") == {"f": "fail"}
    assert outcomes(public, "workload-in-one-zone") == {"f": "fail"}
    private = template(
        stack(
            NETWORK
            % (
                "NatGatewayId: !Ref N",
                ", SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}]",
            )
            + ATTACHED
        )
    )
    row = of(private, NetworkAttachment)["f"]
    assert row.public_subnets == () and row.way_out == "NAT gateway" and row.open_groups == () and row.endpoints == ()
    assert outcomes(private, "network-without-endpoint") == {"f": "fail"}
    endpoint = "  E: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref V, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3', RouteTableIds: [!Ref T1]}}\n"
    assert outcomes(
        template(stack(NETWORK % ("NatGatewayId: !Ref N", "") + ATTACHED + endpoint)), "network-without-endpoint"
    ) == {"f": "pass"}


def test_a_network_that_parameters_name_is_not_known() -> None:
    body = FUNCTION % ", VpcConfig: {SubnetIds: [!Ref Open], SecurityGroupIds: [!Ref Flag]}"
    found = of(template(stack(body)), NetworkAttachment)["f"]
    assert isinstance(found.zones, Gap) and isinstance(found.way_out, Gap) and isinstance(found.endpoints, Gap)
    assert set(outcomes(template(stack(body)), "workload-in-public-subnet").values()) == {"unknown"}


def test_a_queue_keeps_its_redrive_policy_and_a_subscription_its_own() -> None:
    body = (
        FUNCTION % ""
        + """
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}
  D: {Type: AWS::SQS::Queue, Properties: {QueueName: d}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Q.Arn}}
  T: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}}
"""
    )
    found = [each for each in findings(template(stack(body)), "failed-events-lost") if each.subject.name == "f"]
    said = {each.outcome.value: each.because for each in found}
    assert "topic t" in said["fail"] or any("t" in each.because for each in found if each.outcome.value == "fail")
    assert any(each.outcome.value == "pass" and "q" in each.because for each in found)


def test_what_names_a_thing_in_part_is_no_doubt() -> None:
    body = (
        bucket()
        + f"  P: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Sub 'other-${{Open}}', PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n"
    )
    assert one(template(stack(body)), "public-store", "b").outcome.value == "pass"


def test_a_parameter_that_names_one_bucket_names_no_other() -> None:
    body = "  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Open}}\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n"
    body += f"  P: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref Open, PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n"
    assert one(template(stack(body)), "public-store", "b").outcome.value == "pass"
    assert one(template(stack(body)), "public-store", "${Open}").outcome.value == "fail"


def test_a_policy_that_a_condition_makes_is_not_known() -> None:
    body = "Conditions:\n  C: !Equals [!Ref Flag, x]\n"
    text = (
        stack(
            bucket("", EVERYONE).replace("Type: AWS::S3::BucketPolicy,", "Type: AWS::S3::BucketPolicy, Condition: C,")
        )
        + body
    )
    assert one(template(text), "public-store", "b").outcome.value == "unknown"
    assert one(template(text), "public-access-not-blocked", "b").outcome.value == "unknown"


def test_a_notification_of_the_cdk_is_one_of_the_bucket() -> None:
    properties = "{BucketName: !Ref B, NotificationConfiguration: {LambdaFunctionConfigurations: [{Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: !GetAtt F.Arn}]}}"
    body = bucket() + FUNCTION % "" + f"  X: {{Type: 'Custom::S3BucketNotifications', Properties: {properties}}}\n"
    told = [
        each for each in deployed(template(stack(body)), AT) if each.call == "s3:GetBucketNotificationConfiguration"
    ]
    assert [each["Events"] for each in told[0].answer["LambdaFunctionConfigurations"]] == [["s3:ObjectCreated:*"]]


def test_a_secret_of_a_database_is_rotated_through_its_attachment() -> None:
    body = (
        thing("SecretsManager::Secret", "Name: s")
        + """
  A: {Type: AWS::SecretsManager::SecretTargetAttachment, Properties: {SecretId: !Ref T, TargetId: x, TargetType: AWS::RDS::DBInstance}}
  S: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref A, RotationRules: {AutomaticallyAfterDays: 30}}}
"""
    )
    assert one(template(stack(body)), "secret-not-rotated", "s").outcome.value == "pass"


def test_the_cdk_may_say_how_long_logs_of_a_function_are_kept() -> None:
    body = (
        FUNCTION % ""
        + "  X: {Type: 'Custom::LogRetention', Properties: {LogGroupName: !Sub '/aws/lambda/${F}', RetentionInDays: 7}}\n"
    )
    assert of(template(stack(body)), LogGroup)["/aws/lambda/f"].retention_days == 7


# One of each, for what follows: their properties are replaced one by one.
EVERYTHING = stack(
    bucket(
        f"PublicAccessBlockConfiguration: {OPEN_BLOCKS}, AccessControl: Private, VersioningConfiguration: {{Status: Suspended}}",
        EVERYONE,
    )
    + "  D: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, DeletionProtectionEnabled: false, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: false}}}\n"
    "  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, SqsManagedSseEnabled: false}}\n"
    f"  QP: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref Q], PolicyDocument: {{Statement: [{EVERYONE}]}}}}}}\n"
    f"  K: {{Type: AWS::KMS::Key, Properties: {{EnableKeyRotation: false, Enabled: true, KeyPolicy: {{Statement: [{EVERYONE}]}}}}}}\n"
    "  S: {Type: AWS::SecretsManager::Secret, Properties: {Name: s}}\n"
    "  O: {Type: AWS::OpenSearchService::Domain, Properties: {DomainName: o, EncryptionAtRestOptions: {Enabled: false}, DomainEndpointOptions: {EnforceHTTPS: false},"
    f" NodeToNodeEncryptionOptions: {{Enabled: false}}, AccessPolicies: {{Statement: [{EVERYONE}]}}}}}}\n"
    "  I: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: i, Engine: postgres, PubliclyAccessible: true, StorageEncrypted: false, BackupRetentionPeriod: 0,"
    " DeletionProtection: false, DBParameterGroupName: !Ref G}}\n"
    "  G: {Type: AWS::RDS::DBParameterGroup, Properties: {DBParameterGroupName: g, Parameters: {rds.force_ssl: 0}}}\n"
    "  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: l, RetentionInDays: 1}}\n"
    "  W: {Type: AWS::Kinesis::Stream, Properties: {Name: w, StreamEncryption: {EncryptionType: NONE}}}\n"
    "  C: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupId: c, AtRestEncryptionEnabled: false, TransitEncryptionEnabled: false}}\n"
    "  Y: {Type: AWS::CloudTrail::Trail, Properties: {TrailName: y, IsLogging: false, S3BucketName: !Ref B, EnableLogFileValidation: false}}\n"
    "  Z: {Type: AWS::GuardDuty::Detector, Properties: {Enable: false}}\n"
)
ODD = (None, "x", [None], {"a": 1})


def _paths(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    return [found for key, each in inside for found in ((*path, key), *_paths(each, (*path, key)))]


def _put(value: object, path: tuple[object, ...], new: object) -> object:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _put(each, path[1:], new) if key == path[0] else each for key, each in value.items()}
    assert isinstance(value, (list, tuple))
    return [_put(each, path[1:], new) if place == path[0] else each for place, each in enumerate(value)]


def _mutants(new: object) -> list[tuple[str, Template]]:
    whole = template(EVERYTHING)
    return [
        (f"{each.id} {'.'.join(map(str, path))}", type(whole)(**{**vars(whole), "resources": tuple(
            type(one)(**{**vars(one), "properties": _put(dict(one.properties), path, new)}) if one is each else one for one in whole.resources)}))
        for each in whole.resources
        for path in _paths(dict(each.properties))
    ]  # fmt: skip


def test_what_is_not_resolved_never_makes_a_pass_of_a_failure() -> None:
    before = {(each.check, each.row): each.outcome.value for each in findings(template(EVERYTHING))}
    open_value = Unresolved("${Open}", "the parameter Open has no default", "template.yaml:2")
    gained = [
        (what, each.check, each.row, before.get((each.check, each.row)), each.outcome.value)
        for what, mutant in _mutants(open_value)
        for each in findings(mutant)
        if each.outcome.value in ("pass", "not_applicable", "error")
        and before.get((each.check, each.row)) in ("fail", "unknown", "review")
    ]
    assert gained == []


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_odd_value_breaks_the_reading(odd: object) -> None:
    for what, mutant in _mutants(odd):
        assert rows(mutant), what


def test_the_same_template_gives_the_same_captures() -> None:
    assert deployed(template(EVERYTHING), AT) == deployed(template(EVERYTHING), AT)


def test_resources_without_names_or_arns_are_answered_about() -> None:
    plain = [made(kind, f"R{place}") for place, kind in enumerate(sorted({each["Type"] for each in yaml.safe_load(
        EVERYTHING.replace("!Ref ", "").replace("!GetAtt ", "").replace("!Sub ", ""))["Resources"].values()}))]  # fmt: skip
    found = rows(resources(*plain))
    assert {each.name for each in found if isinstance(each, Share) and each.kind == "bucket"}
    assert not [each for each in found if isinstance(each, Hole) and each.gap.reason.startswith("unexpected")]


KEY = "  K: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true%s}}\n  A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/ours, TargetKeyId: !Ref K}}\n"
SENSITIVE = "Tags: [{Key: data-classification, Value: confidential}]"


@pytest.mark.parametrize("named", ["!Ref K", "!GetAtt K.Arn", "alias/ours", "!Ref A"])
def test_a_sensitive_store_under_a_key_of_the_stack_is_followed_to_it(named: str) -> None:
    stores = {
        "t": thing(
            "DynamoDB::Table",
            f"TableName: t, {SENSITIVE}, SSESpecification: {{SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: {named}}}",
        ),
        "q": thing("SQS::Queue", f"QueueName: q, {SENSITIVE}, KmsMasterKeyId: {named}"),
        "b": bucket(
            f"{SENSITIVE}, BucketEncryption: {{ServerSideEncryptionConfiguration: [{{ServerSideEncryptionByDefault: {{SSEAlgorithm: 'aws:kms', KMSMasterKeyID: {named}}}}}]}}"
        ),
        "i": thing(
            "RDS::DBInstance",
            f"DBInstanceIdentifier: i, Engine: mysql, StorageEncrypted: true, KmsKeyId: {named}, {SENSITIVE}",
        ),
    }
    for name, body in stores.items():
        found = one(template(stack(body + KEY % "")), "sensitive-store-without-own-key", name)
        assert found.outcome.value == "pass", found.because
        off = one(template(stack(body + KEY % ", Enabled: false")), "sensitive-store-without-own-key", name)
        assert off.outcome.value == "fail" and "Disabled" in off.because
    without = one(
        template(stack(thing("SQS::Queue", f"QueueName: q, {SENSITIVE}"))), "sensitive-store-without-own-key", "q"
    )
    assert without.outcome.value == "fail"


def test_a_sensitive_store_under_the_key_of_another_stack_is_not_known() -> None:
    body = thing("SQS::Queue", f"QueueName: q, {SENSITIVE}, KmsMasterKeyId: !ImportValue k")
    assert one(template(stack(body)), "sensitive-store-without-own-key", "q").outcome.value == "unknown"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Truth.TRUE),
        ({"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}, Truth.TRUE),
        ({"Resource": "${Bucket}"}, Truth.UNKNOWN),
        ({"Action": "${Action}"}, Truth.UNKNOWN),
        ({"Principal": {"AWS": "${Who}"}}, Truth.UNKNOWN),
        ({"NotPrincipal": {"AWS": "${Who}"}, "Principal": None}, Truth.UNKNOWN),
        ({"Resource": "arn:aws:s3:::other/*"}, Truth.FALSE),
        # A variable of IAM is none of a template's symbols.
        ({"Resource": "arn:aws:s3:::b/${aws:username}"}, Truth.FALSE),
    ],
)
def test_a_deny_that_a_template_leaves_open_is_undecided(change: dict[str, object], outcome: Truth) -> None:
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **change,
    }
    statement = {name: value for name, value in whole.items() if value is not None}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert refuses_plaintext(policy, ("s3:*",), ("arn:aws:s3:::b", "arn:aws:s3:::b/*")).refused is outcome


def test_a_bucket_whose_own_name_is_open_is_the_one_that_its_policy_means() -> None:
    named = ("arn:aws:s3:::${Name}", "arn:aws:s3:::${Name}/*")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    whole = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": list(named)}]}
    assert refuses_plaintext(whole, ("s3:*",), named).refused is Truth.TRUE
    half = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": named[1]}]}
    assert refuses_plaintext(half, ("s3:*",), named).refused is Truth.FALSE


def test_masks_of_the_account_are_not_told() -> None:
    masked = of(template(stack(thing("Logs::LogGroup", "LogGroupName: g, DataProtectionPolicy: {Name: m}"))), LogMask)[
        "g"
    ]
    assert masked.policy == "its own data protection policy"
    bare = of(template(stack(thing("Logs::LogGroup", "LogGroupName: g"))), LogMask)["g"]
    assert isinstance(bare.policy, Gap) and bare.policy.state == "not_asked"
