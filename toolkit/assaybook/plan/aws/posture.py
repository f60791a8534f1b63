"""What to ask the provider's security services: their findings, standards, analyzers and recorders."""

from .. import Call

OFF = ("InvalidAccessException",)

CALLS = (
    Call(
        "guardduty:GetAdministratorAccount",
        each="guardduty:ListDetectors",
        take={"DetectorId": "@"},
        why="whether another account takes the findings of threat detection",
    ),
    Call(
        "guardduty:ListPublishingDestinations",
        items="Destinations",
        each="guardduty:ListDetectors",
        take={"DetectorId": "@"},
        why="whether findings are exported",
    ),
    Call(
        "guardduty:ListFindings",
        items="FindingIds",
        each="guardduty:ListDetectors",
        take={"DetectorId": "@"},
        give={
            "FindingCriteria": {
                "Criterion": {"severity": {"GreaterThanOrEqual": 7}, "service.archived": {"Equals": ["false"]}}
            }
        },
        why="grave findings that nobody has archived",
    ),
    Call(
        "guardduty:GetFindings",
        items="Findings",
        each="guardduty:ListFindings",
        over="FindingIds[].{Id: @}",
        take={"DetectorId": "^DetectorId", "FindingIds": "Id"},
        batch=50,
        batch_into="FindingIds",
        keep=(
            "{Findings: Findings[].{Id: Id, Type: Type, Severity: Severity, CreatedAt: CreatedAt, UpdatedAt: UpdatedAt,"
            " Title: Title, Archived: Service.Archived}}"
        ),
        why="what was found, how grave it is and how long it is open; who was involved is not kept",
    ),
    Call(
        "guardduty:ListFindings",
        id="guardduty:ListFindings/sample",
        items="FindingIds",
        each="guardduty:ListDetectors",
        take={"DetectorId": "@"},
        give={"FindingCriteria": {"Criterion": {"service.additionalInfo.sample": {"Equals": ["true"]}}}},
        why="sample findings of the last 90 days: somebody tried the chain of detection",
    ),
    Call(
        "securityhub:DescribeHub",
        absent=("ResourceNotFoundException",),
        not_enabled=OFF,
        why="whether findings come together",
    ),
    Call(
        "securityhub:GetEnabledStandards",
        items="StandardsSubscriptions",
        not_enabled=OFF,
        why="which standards the account is measured by",
    ),
    Call(
        "securityhub:GetAdministratorAccount",
        not_enabled=OFF,
        absent=("ResourceNotFoundException",),
        why="whether another account takes the findings of the hub",
    ),
    Call("accessanalyzer:ListAnalyzers", items="analyzers", why="analysis of access from outside and of unused access"),
    Call(
        "accessanalyzer:ListFindingsV2",
        items="findings",
        each="accessanalyzer:ListAnalyzers",
        over="analyzers[?status=='ACTIVE' && (type=='ACCOUNT' || type=='ORGANIZATION')]",
        take={"analyzerArn": "arn"},
        give={"filter": {"status": {"eq": ["ACTIVE"]}}},
        absent=("ResourceNotFoundException",),
        keep="{findings: findings[].{id: id, resource: resource, resourceType: resourceType, createdAt: createdAt, status: status}}",
        why="access from outside that nobody has resolved or archived",
    ),
    Call("config:DescribeConfigurationRecorders", items="ConfigurationRecorders", why="which types are recorded"),
    Call(
        "config:DescribeConfigurationRecorderStatus",
        items="ConfigurationRecordersStatus",
        why="whether the recorder is recording",
    ),
    Call(
        "config:DescribeDeliveryChannelStatus",
        items="DeliveryChannelsStatus",
        why="whether the last delivery of the history succeeded",
    ),
)
