"""Area F, functions: what ran can be found again."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, na, ok, review
from ..tables.functions import FunctionSettings
from ..tables.scope import Region
from ..watched import Watched
from .naming import some_of


@check("code-history-not-kept", over=Region)
def code_history_not_kept(region: Region, evidence: Watched) -> Verdict:
    """The code that functions of production ran at a given time is kept, as published versions or elsewhere."""
    where = {"account": region.account, "region": region.region}
    functions = evidence.all(FunctionSettings, lambda each: each.production is not False, **where)
    if not functions:
        return na(f"no function of production is in {region.region} of account {region.account}")
    never = [each.name for each in functions if each.package != "image" and not each.versions]
    changed = [each.name for each in functions if each.versions and not each.kept]
    images = [each.name for each in functions if each.package == "image"]
    said = []
    if never:
        said.append(
            f"{some_of(never, functions)} have no published version, so that Lambda keeps no code that they ran before"
        )
    if changed:
        said.append(f"{some_of(changed, functions)} run code that is in none of their published versions")
    if images:
        said.append(
            f"{some_of(images, functions)} are images, of which only their repository keeps what was deployed before"
        )
    if not said:
        return ok(
            f"published versions keep the code of all {len(functions)} functions of production in {region.region}"
        )
    if not region.whole:
        return na(f"{region.region} of account {region.account} is seen in part only")
    return review(
        f"in {region.region}, {'; '.join(said)}; look up whether a repository or the store of packages keeps it"
    )
