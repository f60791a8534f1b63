"""What to ask about who is told: topics of alarms, filters over logs, budgets and cost monitors."""

from .. import Call

NOT_FOUND = ("NotFoundException", "NotFound")

CALLS = (
    Call(
        "sns:ListSubscriptionsByTopic",
        items="Subscriptions",
        each="cloudwatch:DescribeAlarms",
        over="[MetricAlarms, CompositeAlarms][] | [].AlarmActions[] | [?contains(@, ':sns:')].{Arn: @}",
        take={"TopicArn": "Arn"},
        absent=NOT_FOUND,
        drop=("Subscriptions.*.Endpoint",),
        why="whether somebody confirmed to get what an alarm tells; whom it reaches is not kept",
    ),
    Call("logs:DescribeMetricFilters", items="metricFilters", why="patterns in logs that raise alarms"),
    Call(
        "budgets:DescribeBudgets",
        items="Budgets",
        may_omit=True,
        scope="global",
        take={"AccountId": "$account"},
        absent=("NotFoundException",),
        keep="{Budgets: (Budgets || `[]`)[].{BudgetName: BudgetName, BudgetType: BudgetType}}",
        why="budgets by name and kind; amounts are not kept",
    ),
    Call(
        "budgets:DescribeBudgetNotificationsForAccount",
        items="BudgetNotificationsForAccount",
        may_omit=True,
        scope="global",
        take={"AccountId": "$account"},
        absent=("NotFoundException",),
        why="which budgets tell somebody, all in one answer; a notification goes with its last subscriber",
    ),
    Call(
        "ce:GetAnomalyMonitors",
        items="AnomalyMonitors",
        scope="global",
        why="monitors that look for odd cost; AWS charges one US cent for the request",
    ),
    Call(
        "ce:GetAnomalySubscriptions",
        items="AnomalySubscriptions",
        scope="global",
        drop=("AnomalySubscriptions.*.Subscribers.*.Address",),
        why="whether somebody is told of odd cost; AWS charges one US cent for the request",
    ),
)
