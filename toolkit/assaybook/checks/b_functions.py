"""Area B, functions: what they call is called over TLS that verifies the other side."""

from __future__ import annotations

import re

from ..check import check
from ..model import Verdict, fail, ok, review
from ..tables.compute import EnvironmentVariable, Workload
from ..watched import Watched

# Values of variables that switch verification off or admit protocols that are broken, and what they do.
# Sources: Node.js documentation, "Command-line API" (NODE_TLS_REJECT_UNAUTHORIZED, --tls-min-v1.0, --tls-min-v1.1, --insecure-http-parser);
# Python documentation, PEP 493 (PYTHONHTTPSVERIFY); Go documentation, "GODEBUG" history (tls10server, x509sha1).
SWITCHES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": (
        re.compile(r"\s*0\s*"),
        "switches the verification of certificates off in Node.js",
    ),
    "PYTHONHTTPSVERIFY": (re.compile(r"\s*0\s*"), "switches the verification of certificates off in Python"),
    "NODE_OPTIONS": (re.compile(r".*--tls-min-v1\.[01]\b.*", re.DOTALL), "admits TLS versions before 1.2 in Node.js"),
    "GODEBUG": (
        re.compile(r".*\b(?:tls10server|x509sha1)=1\b.*", re.DOTALL),
        "admits broken protocols or signatures in Go",
    ),
}


@check("tls-verification-switched-off", over=Workload)
def tls_verification_switched_off(workload: Workload, evidence: Watched) -> Verdict:
    """No setting of a function switches the verification of TLS off or admits old versions of it."""
    # A function that is not production fails too: it teaches code that works only without verification.
    found = evidence.all(EnvironmentVariable, lambda each: each.name in SWITCHES, workload=workload.key)
    for variable in found:
        pattern, effect = SWITCHES[variable.name]
        if pattern.fullmatch(variable.clear):
            return fail(f"{variable.name}={variable.clear} of {variable.subject} {effect}: it talks to whoever answers")
    hidden = [each for each in found if each.length and not each.clear]
    if hidden:
        return review(
            f"the value of {hidden[0].name} of {hidden[0].subject} was not kept in clear; look up whether it weakens TLS"
        )
    said = ", ".join(f"{each.name}={each.clear}" for each in found)
    return ok(f"no variable of {workload.name} weakens TLS" + (f" ({said})" if said else ""))
