"""The order in which captures stand in a seal; it does not depend on when answers came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..capture import Capture, Target


def canonical_params(params: Mapping[str, Any]) -> str:
    """Parameters as one text with a defined order."""
    return json.dumps(params, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def order(capture: Capture) -> tuple[Target, str, str]:
    """The place of a capture among the others: by target, call, parameters."""
    return capture.target, capture.call, canonical_params(capture.params)
