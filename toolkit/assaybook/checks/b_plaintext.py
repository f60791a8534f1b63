"""Area B: nothing is handed on over plain HTTP, and proxies before databases ask for TLS."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok
from ..tables.data import DatabaseProxy
from ..tables.orchestration import Subscription
from ..watched import Watched


@check("subscription-over-plain-http", over=Subscription)
def subscription_over_plain_http(subscription: Subscription, evidence: Watched) -> Verdict:
    """What a topic is told goes to web endpoints over HTTPS only."""
    where = subscription.host or "an endpoint whose address was masked"
    if subscription.protocol == "http":
        return fail(
            f"the topic {subscription.topic} sends what it is told to {where} over plain HTTP, where anybody on the way reads and changes it"
        )
    if subscription.protocol == "https":
        return ok(f"the topic {subscription.topic} sends to {where} over HTTPS")
    return na(f"the subscription of {subscription.topic} does not go to a web endpoint ({subscription.protocol})")


@check("proxy-accepts-plaintext", over=DatabaseProxy)
def proxy_accepts_plaintext(proxy: DatabaseProxy, evidence: Watched) -> Verdict:
    """A proxy before a database refuses clients without TLS."""
    if proxy.demands_tls:
        return ok(f"the proxy {proxy.name} demands TLS of its clients")
    return fail(
        f"the proxy {proxy.name} accepts {proxy.engine} clients without TLS, so that queries and passwords may cross the network in the clear"
    )
