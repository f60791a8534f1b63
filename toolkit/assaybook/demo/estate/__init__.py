"""The demo estate: a shop's orders and payments on AWS, with what goes well in such an account and what does not."""

from __future__ import annotations

from urllib.parse import urlsplit

import boto3

from .alerting import build_alerting
from .buckets import build_buckets
from .escalation import build_escalation
from .federation import build_federation
from .flows import build_flows
from .function_habits import build_beside
from .gaps import Gaps
from .grants import build_functions, build_layers
from .identities import build_roles
from .interfaces import build_graphs, build_http_apis, build_rest_apis, build_web_acls, usage_plan
from .keeping import build_keeping
from .messages import build_mappings, build_queues, build_rules, build_state_machines, build_topics
from .monitoring import build_alarms, build_detection, build_logs, build_trails
from .names import Builder
from .partner_apis import build_partner_apis
from .stores import build_databases, build_images_and_documents, build_keys, build_secrets, build_streams, build_tables
from .vendors import build_vendor_roles


def build_estate(session: boto3.Session, gaps: Gaps) -> None:
    """Make everything, in an order that never changes, as ids depend on it."""
    builder = Builder(session)
    gaps.keys = keys = build_keys(builder)
    build_roles(builder)
    build_escalation(builder, keys)
    build_buckets(builder, keys)
    streams = build_tables(builder, keys)
    build_streams(builder)
    build_secrets(builder, keys)
    build_databases(builder, keys)
    build_images_and_documents(builder)
    build_queues(builder)
    build_topics(builder)
    build_layers(builder)
    build_functions(builder, keys)
    url = builder.client("lambda").list_function_url_configs(FunctionName="customer-consent")["FunctionUrlConfigs"][0]
    gaps.consent_host = str(urlsplit(url["FunctionUrl"]).hostname)
    gaps.web_acls = build_web_acls(builder)
    build_rest_apis(builder, dict(gaps.web_acls))
    gaps.hidden_api = build_http_apis(builder)
    gaps.graphs = build_graphs(builder)
    usage_plan(builder)
    build_rules(builder)
    build_mappings(builder, streams)
    build_state_machines(builder)
    build_keeping(builder)
    build_logs(builder)
    build_alarms(builder)
    gaps.selectors = build_trails(builder, keys["orders"])
    build_detection(builder)
    build_vendor_roles(builder)
    build_federation(builder)
    build_flows(builder)
    build_beside(builder)
    gaps.edges = build_partner_apis(builder)
    build_alerting(builder)
