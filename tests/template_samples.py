"""Templates for the tests, in the ways in which people write them."""

CLOUDFORMATION = """\
AWSTemplateFormatVersion: 2010-09-09
Description: Orders
Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues: [dev, prod]
  Owner:
    Type: String
  Password:
    Type: String
    NoEcho: true
  Subnets:
    Type: CommaDelimitedList
    Default: "subnet-1, subnet-2"
  Image:
    Type: AWS::SSM::Parameter::Value<String>
    Default: /orders/image
  Only:
    Type: String
    AllowedValues: [one]
Mappings:
  Sizes:
    dev: {Memory: 256}
    prod: {Memory: 1024}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  IsMine: !Equals [!Ref Owner, me]
  Both: !And [!Condition IsProd, !Condition IsMine]
  Either: !Or [!Condition IsDev, !Condition IsMine]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: table
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: "dynamodb:*"
                Resource: !Sub "${Table.Arn}/index/*"
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      TableName: !Sub "${AWS::StackName}-orders"
      StreamSpecification: !If [IsProd, {StreamViewType: NEW_IMAGE}, !Ref "AWS::NoValue"]
  Archive:
    Type: AWS::S3::Bucket
    Condition: IsProd
  Mine:
    Type: AWS::S3::Bucket
    Condition: IsMine
  Handler:
    Type: AWS::Lambda::Function
    DependsOn: [Role]
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: python3.12
      Handler: index.handler
      MemorySize: !FindInMap [Sizes, !Ref Stage, Memory]
      Code:
        ZipFile: |
          def handler(event, context):
              return event
      Environment:
        Variables:
          TABLE: !Ref Table
          QUEUE: !Ref Queue
          PASSWORD: !Ref Password
          OWNER: !Sub "owner-${Owner}"
          LITERAL: !Sub "${!NotMine}"
          FIRST: !Select [0, !Ref Subnets]
          LAST: !Select [1, !Split ["/", "a/b"]]
          JOINED: !Join ["-", [a, !Ref Stage, 1]]
  Queue:
    Type: AWS::SQS::Queue
    Properties: {FifoQueue: true}
Outputs:
  TableArn:
    Value: !GetAtt Table.Arn
    Export: {Name: orders-table}
"""

SAM = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Globals:
  Function:
    Runtime: python3.12
    Timeout: 3
    Environment:
      Variables:
        LEVEL: INFO
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      Auth:
        DefaultAuthorizer: Users
        Authorizers:
          Users: {UserPoolArn: !GetAtt Pool.Arn}
  Pool:
    Type: AWS::Cognito::UserPool
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      AutoPublishAlias: !Ref Stage
      FunctionUrlConfig: {AuthType: NONE}
      Policies:
        - AWSLambdaBasicExecutionRole
        - DynamoDBCrudPolicy:
            TableName: !Ref Table
        - Statement:
            - Effect: Allow
              Action: "s3:*"
              Resource: "*"
      Events:
        Open:
          Type: Api
          Properties: {Path: /open, Method: get, RestApiId: !Ref Api, Auth: {Authorizer: NONE}}
        Closed:
          Type: Api
          Properties: {Path: /closed, Method: POST, RestApiId: !Ref Api}
        Hourly:
          Type: Schedule
          Properties: {Schedule: rate(1 hour)}
        Work:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn}
  Plain:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        exports.handler = async () => 1
      Runtime: nodejs20.x
      Handler: index.handler
      Events:
        Any: {Type: HttpApi}
  Table: {Type: AWS::Serverless::SimpleTable}
  Queue: {Type: AWS::SQS::Queue}
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions: {Function: !GetAtt Orders.Arn}
      Policies:
        - LambdaInvokePolicy: {FunctionName: !Ref Orders}
"""
FLOW = """{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Function}", "End": true}}}"""

SERVERLESS = """\
service: shop
plugins: [serverless-iam-roles-per-function]
custom:
  table: ${self:service}-${self:provider.stage}-orders
  settings: ${file(./settings.yml):${self:provider.stage}}
  round: ${self:custom.trip}
  trip: ${self:custom.round}
provider:
  name: aws
  runtime: nodejs20.x
  stage: ${opt:stage, 'dev'}
  region: ${opt:region, "eu-west-1"}
  tracing: {lambda: true}
  environment:
    TABLE: ${self:custom.table}
    SECRET: ${env:SECRET}
    STORED: ${ssm:/shop/key}
    FALLBACK: ${env:MISSING, 'plain'}
    SETTING: ${self:custom.settings.level}
  iam:
    role:
      statements:
        - Effect: Allow
          Action: "dynamodb:*"
          Resource: "*"
        - Effect: Allow
          Action: s3:GetObject
          Resource: !Sub "arn:aws:s3:::${AWS::AccountId}-${self:provider.stage}/*"
  httpApi:
    cors: true
    authorizers:
      tokens:
        identitySource: $request.header.Authorization
        issuerUrl: https://issuer.example
        audience: [shop]
  logs: {restApi: true}
functions:
  list-orders:
    handler: src/orders.list
    url: true
    events:
      - http: GET /orders/{id}
      - http:
          path: secure
          method: post
          cors: true
          authorizer: auth
      - httpApi: "POST /orders"
      - httpApi: {method: get, path: /mine, authorizer: {name: tokens}}
      - sqs: !GetAtt Queue.Arn
      - sns: alerts
      - s3: {bucket: "uploads-${self:provider.stage}", event: "s3:ObjectCreated:*"}
      - schedule: rate(1 hour)
      - stream: {type: dynamodb, arn: !GetAtt Table.StreamArn}
      - eventBridge: {pattern: {source: [shop]}}
      - websocket: $connect
      - iot: {sql: "SELECT * FROM 'x'"}
      - cloudwatchLog: /aws/lambda/other
      - cognitoUserPool: {pool: users, trigger: PreSignUp}
      - alb: {listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/a/b/c", priority: 1, conditions: {path: /x}}
  auth:
    handler: src/auth.check
    iamRoleStatements:
      - {Effect: Allow, Action: "*", Resource: "*"}
layers:
  shared: {path: layer}
stepFunctions:
  stateMachines:
    flow:
      definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: !GetAtt [auth, Arn], End: true}
resources:
  - Resources:
      Queue: {Type: AWS::SQS::Queue}
  - Resources:
      Table:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: "${self:custom.table}"}
    Outputs:
      Url: {Value: !Ref Queue}
"""
SETTINGS = "dev: {level: debug}\n"

ASSEMBLY = """{
  "Resources": {
    "Fn": {
      "Type": "AWS::Lambda::Function",
      "Properties": {
        "Code": {"S3Bucket": {"Fn::Sub": "cdk-assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": "abc.zip"},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Runtime": "nodejs20.x"
      }
    },
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {"ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}]}
    },
    "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Condition": "CDKMetadataAvailable", "Properties": {"Analytics": "v2:deflate64:x"}}
  },
  "Conditions": {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "af-south-1"]}},
  "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/version"}}
}
"""
MANIFEST = """{"version": "36", "artifacts": {"Shop": {"type": "aws:cloudformation:stack",
"environment": "aws://unknown-account/eu-central-1", "properties": {"templateFile": "Shop.template.json", "stackName": "shop"}}}}"""
ASSETS = """{"files": {"abc": {"source": {"path": "asset.abc", "packaging": "zip"}}}}"""

TREES = {
    "cloudformation": {"orders.yaml": CLOUDFORMATION},
    "sam": {"template.yaml": SAM, "flow.asl.json": FLOW, "src/app.py": "", "layer/x.py": ""},
    "serverless": {"serverless.yml": SERVERLESS, "settings.yml": SETTINGS, "src/orders.js": "", "layer/x.js": ""},
    "cdk": {
        "cdk.json": "{}",
        "cdk.out/manifest.json": MANIFEST,
        "cdk.out/Shop.template.json": ASSEMBLY,
        "cdk.out/Shop.assets.json": ASSETS,
        "cdk.out/asset.abc/index.js": "",
    },
}
