"""Area F, functions: what ran can be found again."""

from __future__ import annotations

from ..check import check
from ..evidence import Watched
from ..model import Verdict, fail, review
from ..tables.functions import FunctionSettings


@check("code-history-not-kept", over=FunctionSettings)
def code_history_not_kept(function: FunctionSettings, evidence: Watched) -> Verdict:
    """The code that ran at a given time is kept as a published version, and a person concludes on the rest of the procedure."""
    if function.package == "image":
        return review(f"{function.name} is an image; look up whether its repository keeps what was deployed before")
    if not function.versions:
        return fail(
            f"{function.name} has no published version: the code that it ran before its last change is gone from the platform"
        )
    count = len(function.versions)
    said = f"{function.name} keeps {f'{count} versions up to' if count > 1 else 'version'} {function.versions[-1]}"
    if not function.kept:
        return review(f"{said}, but not the code that is unpublished now")
    return review(f"{said}; the procedure for a snapshot is for a person to conclude on")
