"""Which condition keys a grant to a service must carry, so that nobody can send the service in their stead.

Source: IAM User Guide, "The confused deputy problem"; the table of single services is data and is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

SOURCE_ARN = "aws:SourceArn"
SOURCE_ACCOUNT = "aws:SourceAccount"
DEFAULT_NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # A bucket's ARN holds no account, and a deleted bucket's name is free for anybody.
        "s3.amazonaws.com": (SOURCE_ARN, SOURCE_ACCOUNT),
        "alexa-appkit.amazon.com": ("lambda:EventSourceToken",),
        "alexa-connectedhome.amazon.com": ("lambda:EventSourceToken",),
    }
)
_REGIONAL = re.compile(r"([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+)+-\d\.(amazonaws\.com)(?:\.cn)?")


def service_name(principal: str) -> str:
    """The service principal without its region and partition: `logs.eu-west-1.amazonaws.com` is `logs.amazonaws.com`."""
    name = principal.lower()
    regional = _REGIONAL.fullmatch(name)
    if regional:
        return f"{regional.group(1)}.{regional.group(2)}"
    return name.removesuffix(".cn") if name.endswith(".amazonaws.com.cn") else name


def needs_source(service: str, table: Mapping[str, tuple[str, ...]] = DEFAULT_NEEDS) -> tuple[str, ...]:
    """The condition keys that a grant to the service principal must carry, all of them; empty if it needs none.

    `table` maps service principals to their keys; a service that it does not name needs aws:SourceArn.
    """
    if service in table:
        return table[service]
    name = service_name(service)
    return table[name] if name in table else DEFAULT_NEEDS.get(name, (SOURCE_ARN,))
