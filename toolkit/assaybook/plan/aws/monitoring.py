"""What to ask about logs, trails, alarms and scanners."""

from .. import Call

CALLS = (
    Call("logs:DescribeLogGroups", items="logGroups", plan="lean", why="how long logs are kept"),
    Call(
        "cloudwatch:DescribeAlarms",
        items="MetricAlarms",
        give={"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]},
        why="alarms, composite ones included",
    ),
    Call(
        "cloudtrail:DescribeTrails",
        items="trailList",
        give={"includeShadowTrails": True},
        plan="lean",
        why="trails that cover the region",
    ),
    Call(
        "cloudtrail:GetTrailStatus",
        each="cloudtrail:DescribeTrails",
        take={"Name": "TrailARN"},
        absent=("TrailNotFoundException",),
        plan="lean",
        why="whether the trail is logging",
    ),
    Call(
        "cloudtrail:GetEventSelectors",
        each="cloudtrail:DescribeTrails",
        take={"TrailName": "TrailARN"},
        absent=("TrailNotFoundException",),
        plan="lean",
        why="which events the trail selects",
    ),
    Call("cloudtrail:ListEventDataStores", items="EventDataStores", why="event data stores of CloudTrail Lake"),
    Call(
        "cloudtrail:GetEventDataStore",
        each="cloudtrail:ListEventDataStores",
        take={"EventDataStore": "EventDataStoreArn"},
        absent=("EventDataStoreNotFoundException",),
        why="retention and selectors of the store",
    ),
    Call("guardduty:ListDetectors", items="DetectorIds", plan="lean", why="whether threat detection is on"),
    Call(
        "guardduty:GetDetector",
        each="guardduty:ListDetectors",
        take={"DetectorId": "@"},
        plan="lean",
        why="features of threat detection",
    ),
    Call(
        "inspector2:BatchGetAccountStatus",
        items="accounts",
        give={"accountIds": ["$account"]},
        not_enabled=("AccessDeniedException:not enabled",),
        why="whether functions are scanned",
    ),
    Call(
        "inspector2:ListCoverage",
        items="coveredResources",
        give={"filterCriteria": {"resourceType": [{"comparison": "EQUALS", "value": "AWS_LAMBDA_FUNCTION"}]}},
        why="which functions are scanned",
    ),
)
