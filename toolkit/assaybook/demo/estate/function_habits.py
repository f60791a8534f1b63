"""How the functions of the estate are set and used, and what stands beside them: a preview, a trained model, a rule that outlived its function."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ..emulator.clock import at
from ..emulator.function_settings import Habits
from .function import IMAGES, Function, tagged
from .names import PRODUCTION, US, Builder, function_arn, pairs

_MODEL = hashlib.sha256(b"fraud-train").hexdigest()
BESIDE = (
    Function(
        name="orders-preview",
        does="Shows testers what the next release makes of an order",
        runtime="nodejs24.x",
        tags={"environment": "test"},
        variables={"TABLE_NAME": "orders-read-model", "NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_ENV": "test"},
        traced=False,
        made="2026-10-21",
    ),
    Function(
        name="fraud-train",
        does="Trains the model by which orders are scored",
        image=f"{IMAGES}/fraud-train@sha256:{_MODEL}",
        tags=tagged("restricted"),
        made="2026-06-08",
    ),
)
# Functions whose logs are JSON; the others log as text.
JSON_LOGS = ("orders-api", "orders-validate", "orders-projector", "payments-capture", "payments-refund", "fraud-train")
# Seconds, where they are not the usual.
TIMEOUTS: Mapping[str, int] = {
    "customer-profile": 60,
    "orders-export": 900,
    "payments-reconcile": 900,
    "fraud-train": 900,
}
# The stack that each function belongs to, by how its name begins; what begins otherwise was made by hand.
STACKS = {
    "orders-": "shop-orders",
    "payments-": "shop-payments",
    "inventory-": "shop-stock",
    "catalog-": "shop-stock",
    "customer-": "shop-customers",
    "auth-": "shop-customers",
    "chat-": "shop-customers",
    "notify-": "shop-notices",
    "fraud-": "shop-fraud",
    "returns-": "shop-returns",
    "tax-": "shop-returns",
    "gdpr-": "shop-customers",
    "partner-": "shop-partners",
}
HABITS = Habits(
    loops=("legacy-pdf",),
    held={"payments-ledger": "java21 of March 2025"},
    signed={
        "payments": ("Enforce", ("shop_release",), ("payments-capture", "payments-refund", "payments-tokenize")),
        "orders": ("Warn", ("shop_release",), ("orders-api", "orders-validate")),
        "notices": ("Enforce", ("old_builder",), ("notify-email",)),
    },
    profiles={"shop_release": "Active", "old_builder": "Revoked"},
    quiet=("legacy-invoice", "orders-preview", "returns-label", "catalog-feed"),
    unheard=("ops-metrics", "chat-message", "legacy-pdf"),
    signed_images=("fraud-train",),
    recorded=(US,),
)


def stack_tag(function: str) -> dict[str, str]:
    """The tag that CloudFormation leaves on a function of a stack."""
    stack = next((stack for begins, stack in STACKS.items() if function.startswith(begins)), "")
    return {"aws:cloudformation:stack-name": stack} if stack else {}


def build_beside(builder: Builder) -> None:
    """Make the repository of the trained model, and the rule whose function is gone."""
    with at("2026-06-08"):
        builder.client("ecr").create_repository(
            repositoryName="fraud-train", imageTagMutability="IMMUTABLE", tags=pairs(PRODUCTION)
        )
    with at("2022-04-11"):
        events = builder.client("events")
        events.put_rule(Name="invoices-by-mail", ScheduleExpression="cron(0 4 1 * ? *)", State="ENABLED")
        target = {"Id": "function", "Arn": function_arn("legacy-mailer")}
        events.put_targets(Rule="invoices-by-mail", Targets=[target])
