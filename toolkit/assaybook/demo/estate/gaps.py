"""What moto lacks or loses of this estate, filled in; and what the reader is denied, by design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from ..emulator.function_settings import FunctionSettingsService
from ..emulator.functions import LambdaService
from ..emulator.layers import LayerService
from . import clusters, copies_answers, federation, keeping_answers, organisation, pipelines, privacy_answers
from .alerting import alerting_fills
from .audit import audit_fills
from .buckets import BUCKETS, UNREADABLE_BUCKETS, UNREADABLE_LIFECYCLES
from .detection import detection_fills
from .edge import campaign, distribution
from .edge_answers import edge_fills
from .flows import data_sources, incoming_mail
from .function_habits import HABITS
from .grants import UNREADABLE_POLICIES, UNREADABLE_VARIABLES
from .identities import BOUNDARY, BOUNDED, credential_report
from .monitoring import DELIVERED, composite_alarms, event_data_stores, scan_coverage
from .names import ACCOUNT, EU, LOG_ARCHIVE, ORGANISATION, READER, US, role_arn
from .network import NETWORK_OF, network_fills
from .partner_apis import CLIENT_CERTIFICATE, Edges
from .role_use import RoleReports
from .sign_in import sign_in_fills
from .stores import UNREADABLE_KEY

IAM_PAGE = 40
MOTO_RATE = 1000.0
FORCED_TLS = {"ledger-postgres16": ("1", "system"), "reporting-postgres14": ("0", "user")}


class Gaps:
    """Everything that answers in moto's place. `keys` and `web_acls` become known while the estate is built."""

    def __init__(self) -> None:
        self.functions = LambdaService(ACCOUNT, UNREADABLE_VARIABLES, NETWORK_OF)
        self.settings = FunctionSettingsService(ACCOUNT, self.functions, HABITS)
        self.layers = LayerService(ACCOUNT)
        self.reports = RoleReports()
        self.keys: Mapping[str, str] = {}
        self.web_acls: Mapping[str, str] = {}
        self.consent_host = ""
        self.hidden_api = ""
        self.edges = Edges()
        self.graphs: Mapping[str, str] = {}
        self.selectors: Mapping[str, Mapping[str, Any]] = {}

    def fills(self) -> dict[tuple[str, str], Fill]:
        """What answers each operation; one that gives None leaves it to moto."""
        made: dict[tuple[str, str], Fill] = {
            ("sts", "GetCallerIdentity"): lambda _: {"UserId": "AROADEMO:demo", "Account": ACCOUNT, "Arn": READER},
            ("organizations", "DescribeOrganization"): lambda _: {"Organization": _ORGANISATION},
            ("organizations", "ListParents"): organisation.parents,
            ("organizations", "ListPoliciesForTarget"): organisation.policies_for_target,
            ("organizations", "DescribePolicy"): organisation.policy,
            ("sso-admin", "ListInstances"): federation.center,
            ("eks", "ListClusters"): clusters.clusters,
            ("eks", "ListPodIdentityAssociations"): clusters.associations,
            ("eks", "DescribePodIdentityAssociation"): clusters.association,
            ("codepipeline", "ListPipelines"): pipelines.pipelines,
            ("codepipeline", "GetPipeline"): pipelines.pipeline,
            ("codebuild", "ListProjects"): pipelines.projects,
            ("codebuild", "BatchGetProjects"): pipelines.project_details,
            ("iam", "GenerateServiceLastAccessedDetails"): self.reports.start,
            ("iam", "GetServiceLastAccessedDetails"): self.reports.report,
            ("iam", "GetAccountAuthorizationDetails"): _authorization_details,
            ("iam", "GetCredentialReport"): _credential_report,
            ("cloudfront", "ListDistributions"): self._distributions,
            ("appsync", "ListGraphqlApis"): self._graphs,
            ("ses", "DescribeActiveReceiptRuleSet"): incoming_mail,
            ("appsync", "ListDataSources"): lambda asked: data_sources(asked, self.graphs),
            ("s3", "ListBuckets"): _buckets,
            ("ec2", "GetSnapshotBlockPublicAccessState"): _snapshot_block,
            ("apigateway", "GetStages"): _stages,
            ("rds", "DescribeDBParameters"): _database_parameters,
            ("cloudwatch", "DescribeAlarms"): _alarms,
            ("logs", "DescribeLogGroups"): _log_groups,
            ("cloudtrail", "GetEventSelectors"): self._event_selectors,
            ("cloudtrail", "ListEventDataStores"): _event_data_stores,
            ("cloudtrail", "GetEventDataStore"): lambda _: event_data_stores()[0],
            ("inspector2", "BatchGetAccountStatus"): _scan_status,
            ("inspector2", "ListCoverage"): _scan_coverage,
            **network_fills(),
            **keeping_answers.answers(lambda: self.keys),
            **copies_answers.answers(lambda: self.keys),
            **privacy_answers.answers(lambda: self.graphs),
            **self.functions.fills(),
            **self.settings.fills(),
            **self.layers.fills(),
            **edge_fills(lambda: self.edges, lambda id: self.graphs.get(id, "")),
            **sign_in_fills(),
        }
        made |= {**alerting_fills(), **detection_fills(), **audit_fills(made["lambda", "ListFunctions"])}
        policy = made["lambda", "GetPolicy"]
        made["lambda", "GetPolicy"] = lambda asked: (
            _denied_for(asked, "FunctionName", UNREADABLE_POLICIES) or policy(asked)
        )
        made["kms", "GetKeyPolicy"] = lambda asked: _denied_for(asked, "KeyId", (self.keys.get(UNREADABLE_KEY, ""),))
        made["apigatewayv2", "GetStages"] = lambda asked: _denied_for(asked, "ApiId", (self.hidden_api,))
        made["sqs", "GetQueueAttributes"] = _queue_attributes
        for operation in (
            "GetBucketPolicy",
            "GetBucketPolicyStatus",
            "GetBucketAcl",
            "GetBucketEncryption",
            "GetPublicAccessBlock",
            "GetBucketNotificationConfiguration",
        ):
            made["s3", operation] = lambda asked: _denied_for(asked, "Bucket", UNREADABLE_BUCKETS)
        made["s3", "GetBucketLifecycleConfiguration"] = lambda asked: _denied_for(
            asked, "Bucket", UNREADABLE_LIFECYCLES
        )
        return made

    def _distributions(self, asked: Exchange) -> Answer:
        fronts = [distribution(self.web_acls["shop-edge"], self.consent_host), campaign()]
        return {
            "DistributionList": {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 2, "Items": fronts}
        }

    def _event_selectors(self, asked: Exchange) -> Answer | None:
        # A trail of all regions answers in each of them; moto knows it only at home.
        return self.selectors.get(str(asked.params["TrailName"])) or None

    def _graphs(self, asked: Exchange) -> Answer:
        apis = asked.answer_of_moto().get("graphqlApis", [])
        more = [{"authenticationType": "API_KEY"}]
        logs = {"fieldLogLevel": "ERROR", "cloudWatchLogsRoleArn": role_arn("orders-api-role")}
        front = {
            "account": {
                "wafWebAclArn": self.web_acls["shop-front"],
                "additionalAuthenticationProviders": more,
                "logConfig": logs,
                "queryDepthLimit": 8,
                "resolverCountLimit": 200,
            },
        }
        usual = {"apiType": "GRAPHQL", "visibility": "GLOBAL", "owner": ACCOUNT, "introspectionConfig": "ENABLED"}
        return {
            "graphqlApis": [
                {**usual, **each, **front.get(each["name"], {}), "uris": _addresses(each["apiId"])} for each in apis
            ]
        }


_ORGANISATION = {
    "Id": ORGANISATION,
    "Arn": f"arn:aws:organizations::{LOG_ARCHIVE}:organization/{ORGANISATION}",
    "FeatureSet": "ALL",
    "MasterAccountArn": f"arn:aws:organizations::{LOG_ARCHIVE}:account/{ORGANISATION}/{LOG_ARCHIVE}",
    "MasterAccountId": LOG_ARCHIVE,
    "MasterAccountEmail": "cloud@example.com",
}


def _denied(asked: Exchange, resource: str) -> Refusal:
    if asked.service == "s3":
        return Refusal("AccessDenied", "Access Denied", 403)
    said = f"User: {READER} is not authorized to perform: {asked.service}:{asked.operation} on resource: {resource} with an explicit deny"
    return Refusal("AccessDeniedException", said, 403)


def _denied_for(asked: Exchange, parameter: str, names: tuple[str, ...]) -> Answer | None:
    value = str(asked.params.get(parameter, ""))
    return _denied(asked, value) if value in names else None


def _buckets(asked: Exchange) -> Answer:
    answer = asked.answer_of_moto()
    regions = {each.name: each.region for each in BUCKETS}
    answer["Buckets"] = [{**each, "BucketRegion": regions[each["Name"]]} for each in answer["Buckets"]]
    return answer


def _queue_attributes(asked: Exchange) -> Answer:
    """Moto gives times with fractions of a second."""
    answer = asked.answer_of_moto()
    attributes = {
        name: value.removesuffix(".0") if name.endswith("Timestamp") else value
        for name, value in answer["Attributes"].items()
    }
    return {"Attributes": attributes}


def _authorization_details(asked: Exchange) -> Answer:
    """AWS lists its own policies only where one is attached, and gives pages; moto gives all of them at once."""
    answer = asked.answer_of_moto()
    attached = {
        policy["PolicyArn"]
        for members in ("UserDetailList", "GroupDetailList", "RoleDetailList")
        for each in answer[members]
        for policy in each.get("AttachedManagedPolicies", ())
    }
    answer["Policies"] = [
        each for each in answer["Policies"] if f":{ACCOUNT}:" in each["Arn"] or each["Arn"] in attached
    ]
    for role in answer["RoleDetailList"]:
        role["RoleLastUsed"] = federation.last_used(role["RoleName"])
        if role["RoleName"] in BOUNDED:
            role["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY}
    start = int(asked.params.get("Marker", 0))
    roles = sorted(answer["RoleDetailList"], key=lambda each: str(each["RoleName"]))
    page = {**answer, "RoleDetailList": roles[start : start + IAM_PAGE], "IsTruncated": start + IAM_PAGE < len(roles)}
    if start:
        page |= {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    if page["IsTruncated"]:
        page["Marker"] = str(start + IAM_PAGE)
    else:
        page.pop("Marker", None)
    return page


def _credential_report(asked: Exchange) -> Answer:
    answer = asked.answer_of_moto()
    return {**answer, "Content": credential_report().encode(), "ReportFormat": "text/csv"}


def _addresses(api: str) -> dict[str, str]:
    host = api.replace("-", "")[:26]
    return {
        "GRAPHQL": f"https://{host}.appsync-api.{US}.amazonaws.com/graphql",
        "REALTIME": f"wss://{host}.appsync-realtime-api.{US}.amazonaws.com/graphql",
    }


def _stages(asked: Exchange) -> Answer:
    """Where a method setting says nothing of throttling, AWS answers with the account's default."""
    answer = asked.answer_of_moto()
    for stage in answer["item"]:
        if stage.get("cacheClusterEnabled"):
            # Moto has no client certificates, and one stage has both.
            stage["clientCertificateId"] = CLIENT_CERTIFICATE
        for setting in stage.get("methodSettings", {}).values():
            if setting.get("throttlingRateLimit") == MOTO_RATE:
                setting |= {"throttlingRateLimit": 10000.0, "throttlingBurstLimit": 5000}
    return answer


def _database_parameters(asked: Exchange) -> Answer:
    """The one parameter of PostgreSQL that matters here, among some others."""
    forced, source = FORCED_TLS[str(asked.params["DBParameterGroupName"])]
    usual = {
        "DataType": "boolean",
        "IsModifiable": True,
        "ApplyMethod": "immediate",
        "ApplyType": "dynamic",
        "AllowedValues": "0,1",
    }
    return {
        "Parameters": [
            {"ParameterName": "log_connections", "ParameterValue": "1", "Source": "user", **usual},
            {"ParameterName": "rds.force_ssl", "ParameterValue": forced, "Source": source, **usual},
        ]
    }


def _snapshot_block(asked: Exchange) -> Answer:
    return {"State": "block-all-sharing" if asked.region == US else "unblocked"}


def _alarms(asked: Exchange) -> Answer:
    answer = asked.answer_of_moto()
    return {**answer, "CompositeAlarms": composite_alarms(asked.region)}


def _log_groups(asked: Exchange) -> Answer:
    """Moto keeps no class of a log group."""
    answer = asked.answer_of_moto()
    groups = [
        {
            **each,
            "logGroupClass": "DELIVERY" if each["logGroupName"] in DELIVERED else "STANDARD",
            **({"dataProtectionStatus": "ACTIVATED"} if each["logGroupName"] in privacy_answers.MASKED else {}),
        }
        for each in answer["logGroups"]
    ]
    return {**answer, "logGroups": groups}


def _event_data_stores(asked: Exchange) -> Answer:
    if asked.region != US:
        return {"EventDataStores": []}
    kept = ("EventDataStoreArn", "Name")
    return {"EventDataStores": [{name: each[name] for name in kept} for each in event_data_stores()]}


def _scan_status(asked: Exchange) -> Answer:
    if asked.region == EU:
        return _denied(asked, f"arn:aws:inspector2:{EU}:{ACCOUNT}:/status/batch/get")
    states: dict[str, Any] = {}
    for resource, state in (("ec2", "DISABLED"), ("ecr", "ENABLED"), ("lambda", "ENABLED"), ("lambdaCode", "DISABLED")):
        states[resource] = {"status": state, "errorCode": "ALREADY_ENABLED", "errorMessage": ""}
    return {
        "accounts": [{"accountId": ACCOUNT, "state": states["lambda"], "resourceState": states}],
        "failedAccounts": [],
    }


def _scan_coverage(asked: Exchange) -> Answer:
    if asked.region == EU:
        return _denied(asked, f"arn:aws:inspector2:{EU}:{ACCOUNT}:/coverage/list")
    return {"coveredResources": scan_coverage()}
