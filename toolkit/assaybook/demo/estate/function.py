"""What a function of the estate is declared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .names import ACCOUNT, US

INSIGHTS = "arn:aws:lambda:{region}:580247275435:layer:LambdaInsightsExtension:56"
POWERTOOLS = "arn:aws:lambda:{region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:21"
DATADOG = "arn:aws:lambda:{region}:464622532012:layer:Datadog-Extension:84"
SHOP_COMMON = f"arn:aws:lambda:{{region}}:{ACCOUNT}:layer:shop-common:2"
SHOP_DELETED = f"arn:aws:lambda:{{region}}:{ACCOUNT}:layer:pdf-fonts:4"
SOMEBODYS = "arn:aws:lambda:{region}:999988887777:layer:headless-browser:31"
IMAGES = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function. `role` and `alias` are names; `failed` is the ARN of the dead-letter queue; `made` the day of its last change."""

    name: str
    does: str
    runtime: str = "python3.13"
    region: str = US
    role: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    failed: str = ""
    image: str = ""
    reserved: int | None = None
    traced: bool = True
    key: str = ""
    versions: int = 0
    alias: str = ""
    shifting: str = ""
    made: str = "2026-09-14"


def tagged(
    data: str = "internal", *, critical: str = "", environment: str = "production", **more: str
) -> dict[str, str]:
    """Tags as the shop sets them: environment, class of the data, criticality where there is one."""
    made = {"environment": environment, "data-classification": data, "team": "shop", **more}
    return {**made, "criticality": critical} if critical else made


def role_of(function: Function) -> str:
    """The name of a function's role: its own unless it says otherwise."""
    return function.role or (function.name if function.region == US else f"{function.name}-eu")
