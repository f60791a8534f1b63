"""Area E at the edge: how much a single request may ask for."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.gateway import GraphLimits
from ..watched import Watched


@check("graphql-query-unbounded", over=GraphLimits)
def graphql_query_unbounded(api: GraphLimits, evidence: Watched) -> Verdict:
    """One query of a GraphQL API can nest only so deep, or run only so many resolvers."""
    if not api.public:
        return na(f"{api.name} is not reachable from the internet")
    depth, resolvers = api.depth, api.resolvers
    if depth or resolvers:
        limits = [f"{depth} levels"] * bool(depth) + [f"{resolvers} resolvers"] * bool(resolvers)
        return ok(f"a query of {api.name} may have at most {' and '.join(limits)}")
    if api.anonymous:
        return fail(
            f"a query of {api.name} may nest and run without limit, and a key that identifies no caller is enough to send it"
        )
    return review(
        f"a query of {api.name} may nest and run without limit; whether its schema lets callers nest has to be read"
    )
