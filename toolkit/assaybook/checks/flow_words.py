"""What checks over flows have in common: how a flow is told, and who starts the workload that it enters by."""

from __future__ import annotations

from ..model import Verdict, ok, review
from ..tables.flows import Flow
from ..tables.graph import OWN_ACCOUNT, TRUSTS, Trigger
from ..watched import Watched

_STARTERS = {
    "internet_anonymous": "anyone on the internet can start it",
    "other_account": "another account can start it",
    "internet_authenticated": "callers who identify themselves start it",
    "organisation": "any account of the organisation can start it",
    OWN_ACCOUNT: "only the own account starts it",
}
HARM = {
    "command": "so that whoever sends it runs commands with the rights of the function",
    "code": "so that whoever sends it runs code with the rights of the function",
    "deserialisation": "so that whoever sends it can run code with the rights of the function",
    "template": "so that whoever sends it can run code with the rights of the function",
    "sql": "so that whoever sends it reads and changes what the query was not made for",
    "nosql": "so that whoever sends it reads and changes what the query was not made for",
    "path": "so that whoever sends it chooses the file",
    "xml": "so that whoever sends it can read files and reach hosts through entities",
    "xss": "so that whoever makes somebody else send it runs script in their browser",
    "redirect": "so that a link to this host leads wherever whoever made it wants",
    "header": "so that whoever sends it adds headers to the answer",
    "regex": "so that whoever sends it can keep the function busy until it times out",
    "ssrf": "so that whoever sends it makes the function call hosts that only it can reach",
}


def told(flow: Flow) -> str:
    """A flow in a sentence part: where it ends, what comes there, what happens with it."""
    what = flow.source or "untrusted data"
    by = f" of {flow.handler}" if flow.handler else ""
    does = f", which {flow.sink_said}" if flow.sink_said else ""
    return f"{flow.where}: {what}{by} reaches {flow.sink or flow.kind}{does}"


def nothing(flow: Flow, what: str) -> Verdict:
    """That a package was read whole, and what is not in it; where a limit ended the search, that nobody has seen all of it."""
    functions = "the one function" if flow.functions == 1 else f"the {flow.functions} functions"
    said = f"in {functions} of {flow.package} that its handlers run, {what}"
    if flow.cut:
        places = "one place was" if flow.cut == 1 else f"{flow.cut} places were"
        return review(f"{said}; but {places} not followed further, so that a person has to look there")
    return ok(said)


def starters(flow: Flow, evidence: Watched) -> tuple[str, str]:
    """Who can start the workload, as one of TRUSTS (empty if nothing is known) and as a sentence part with a comma before it (empty, too)."""
    if not flow.workloads:
        return "", ""
    found: list[Trigger] = []
    for key in flow.workloads:
        found += evidence.seen(Trigger, workload=key)[0]
    trusts = [each.trust for each in found if each.active and not each.declared and each.trust in TRUSTS]
    if not trusts:
        return "", ""
    worst = max(trusts, key=TRUSTS.index)
    return worst, f"; {_STARTERS[worst]}"
