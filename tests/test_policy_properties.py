"""Laws that hold for any policy: Deny and conditions never widen, wildcards never narrow, strangers are never missed."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assaybook.policy.breadth import Breadth, broad_grants
from assaybook.policy.condition import evaluate_all
from assaybook.policy.document import parse_policy
from assaybook.policy.exposure import Exposure, Reach, resource_policy
from assaybook.policy.identity import permissions
from assaybook.policy.request import MISSING, RequestContext
from assaybook.policy.truth import Truth

OWN, FOREIGN, STRANGER = "111122223333", "999988887777", "777788889999"
ORG, OTHER_ORG, STRANGE_ORG = "o-ownorgid12", "o-foreignor1", "o-strangers1"

VALUES: dict[str, list[str]] = {
    "aws:SourceAccount": [OWN, FOREIGN, "*", "7777*", "${aws:ResourceAccount}", "${aws:PrincipalAccount}"],
    "aws:PrincipalAccount": [OWN, FOREIGN, "*", "????????????"],
    "aws:PrincipalOrgID": [ORG, OTHER_ORG, "*", "o-*", "o-str*", "${aws:PrincipalOrgID}"],
    "aws:PrincipalOrgPaths": [f"{ORG}/*", f"{OTHER_ORG}/r-ab12/*", "*", "o-*/r-ab12/*"],
    "aws:SourceOrgID": [ORG, OTHER_ORG, "*"],
    "aws:SourceArn": [
        f"arn:aws:sns:us-east-1:{OWN}:orders",
        f"arn:aws:sns:us-east-1:{FOREIGN}:*",
        "arn:aws:sns:us-east-1:*:orders",
        "arn:aws:s3:*:*:*",
        "arn:aws:s3:::ours",
        "arn:aws:s3:::str*",
        "*",
    ],
    "aws:PrincipalArn": [f"arn:aws:iam::{OWN}:role/*", "arn:aws:iam::*:role/deploy", "arn:aws:iam::*:*", "*"],
    "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0", "198.51.100.0/24", "::/0", "0.0.0.0/1", "128.0.0.0/1"],
    "aws:SourceVpce": ["vpce-0a1b2c3d4e5f6a7b8", "vpce-*", "*"],
    "aws:UserAgent": ["ours", "*"],
    "aws:username": ["deploy", "*"],
    "aws:PrincipalIsAWSService": ["true", "false"],
    "aws:SecureTransport": ["true", "false"],
    "novel:Key": ["x", "*"],
}
OPERATORS = {
    "aws:SourceIp": ["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists"],
    "aws:PrincipalIsAWSService": ["Bool", "BoolIfExists"],
    "aws:SecureTransport": ["Bool", "BoolIfExists"],
    "aws:SourceArn": [
        "ArnLike",
        "ArnNotLike",
        "ArnLikeIfExists",
        "StringEquals",
        "StringLike",
        "ArnEquals",
        "ArnNotEquals",
    ],
    "aws:PrincipalArn": ["ArnLike", "ArnNotLike", "StringEquals", "StringLike", "StringNotLike"],
    "aws:PrincipalOrgPaths": [
        f"{how}:{operator}"
        for how in ("ForAnyValue", "ForAllValues")
        for operator in ("StringLike", "StringNotLike", "StringEquals")
    ],
}
TEXT_OPERATORS = [
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists", "StringLikeIfExists"),
    *("StringNotEqualsIfExists", "ForAllValues:StringLike", "ForAnyValue:StringLike", "StringEqualsIgnoreCase"),
]


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    key = draw(st.sampled_from(sorted(VALUES)))
    if draw(st.integers(0, 9)) == 0:
        return ("Null", key, [draw(st.sampled_from(["true", "false"]))])
    operator = draw(st.sampled_from(OPERATORS.get(key, TEXT_OPERATORS)))
    return (operator, key, draw(st.lists(st.sampled_from(VALUES[key]), min_size=1, max_size=2, unique=True)))


def block(some: list[tuple[str, str, list[str]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operator, key, values in some:
        found.setdefault(operator, {}).setdefault(key, values)
    return found


CONDITIONS = st.lists(lines(), max_size=3)
PRINCIPALS = st.sampled_from(
    [
        {"Principal": "*"},
        {"Principal": {"AWS": ["*", OWN]}},
        {"Principal": {"AWS": OWN}},
        {"Principal": {"AWS": FOREIGN}},
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Principal": {"AWS": OWN, "Service": "sns.amazonaws.com"}},
        {"NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:user/bob"}},
    ]
)
ACTIONS = st.sampled_from(["sqs:SendMessage", "sqs:Send*", "sqs:*", "*", "sqs:ReceiveMessage", "SQS:sendmessage"])
RESOURCES = st.sampled_from(["*", f"arn:aws:sqs:us-east-1:{OWN}:orders", "arn:aws:sqs:*:*:or*", "arn:aws:s3:::b"])


@st.composite
def statements(draw: st.DrawFn, effect: str) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Action": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
        "Resource": draw(st.lists(RESOURCES, min_size=1, max_size=2)),
        "Condition": block(draw(CONDITIONS)),
        **draw(PRINCIPALS),
    }


ALLOWS, DENIES = statements("Allow"), statements("Deny")


def exposures(*written: dict[str, Any]) -> tuple[Exposure, ...]:
    document = {"Version": "2012-10-17", "Statement": list(written)}
    return resource_policy(document, own_account=OWN, own_organisation=ORG)


def openness(found: Exposure) -> int:
    """An upper bound on who may get in; whatever is limited only by origin, by a deputy or not known ranks alike."""
    if found.public:
        return Reach.ANYONE.rank + 1
    if found.confused_deputy or found.reach is Reach.UNKNOWN:
        return Reach.ANYONE.rank
    return found.reach.rank


@given(ALLOWS, st.lists(DENIES, max_size=2), DENIES)
def test_a_deny_never_widens(allow: dict[str, Any], denies: list[dict[str, Any]], another: dict[str, Any]) -> None:
    (before,), (after,) = exposures(allow, *denies), exposures(allow, *denies, another)
    assert openness(after) <= openness(before)
    assert set(after.accounts) <= set(before.accounts) or before.public or openness(before) == Reach.ANYONE.rank


@given(ALLOWS, lines(), st.lists(DENIES, max_size=1))
@example(
    {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage"],
        "Resource": ["*"],
        "Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:sns:us-east-1:111122223333:orders"]}},
        "Principal": {"Service": "sns.amazonaws.com"},
    },
    ("StringEquals", "aws:SourceAccount", ["999988887777"]),
    [],
)
def test_a_condition_never_widens(
    allow: dict[str, Any], line: tuple[str, str, list[str]], denies: list[dict[str, Any]]
) -> None:
    operator, key, values = line
    if key in allow["Condition"].get(operator, {}):
        return
    block_after = {**allow["Condition"], operator: {**allow["Condition"].get(operator, {}), key: values}}
    (before,), (after,) = exposures(allow), exposures({**allow, "Condition": block_after})
    assert openness(after) <= openness(before)


@given(ALLOWS, st.data())
def test_a_wider_value_never_narrows(allow: dict[str, Any], data: st.DataObject) -> None:
    likes = [(op, key) for op, keys in allow["Condition"].items() if "Like" in op and "Not" not in op for key in keys]
    if not likes:
        return
    operator, key = data.draw(st.sampled_from(sorted(likes)))
    values = allow["Condition"][operator][key]
    cut = data.draw(st.integers(0, len(values[0])))
    wider = values[0][:cut] + "*"
    if ":" in values[0][cut:] and operator.startswith("Arn"):
        wider = "*"
    if "${" in wider:
        return
    changed = {**allow["Condition"], operator: {**allow["Condition"][operator], key: [wider, *values[1:]]}}
    (before,), (after,) = exposures(allow), exposures({**allow, "Condition": changed})
    assert openness(after) >= openness(before)


def strangers() -> list[tuple[str, RequestContext]]:
    """Requests that a stranger can send: in person, from anywhere, or through a service acting for the stranger."""
    found: list[tuple[str, RequestContext]] = []
    for organisation, agent, address in itertools.product(
        (STRANGE_ORG, MISSING), ("ours", "x"), ("192.0.2.77", "150.1.2.3")
    ):
        person = {
            "aws:PrincipalAccount": STRANGER,
            "aws:PrincipalArn": f"arn:aws:iam::{STRANGER}:role/deploy",
            "aws:PrincipalOrgID": organisation,
            "aws:PrincipalOrgPaths": MISSING if organisation is MISSING else f"{organisation}/r-ab12/ou-ab12-1/",
            "aws:username": "deploy",
            "aws:PrincipalIsAWSService": "false",
            "aws:SourceIp": address,
            "aws:UserAgent": agent,
            "aws:SecureTransport": "true",
        }
        found.append(("person", RequestContext(person, otherwise=MISSING)))
    anonymous = {"aws:SourceIp": "192.0.2.77", "aws:UserAgent": "ours", "aws:SecureTransport": "true"}
    found.append(("person", RequestContext(anonymous, otherwise=MISSING)))
    for source in (f"arn:aws:sns:us-east-1:{STRANGER}:orders", "arn:aws:s3:::strange"):
        service = {
            "aws:SourceArn": source,
            "aws:SourceAccount": STRANGER,
            "aws:SourceOrgID": STRANGE_ORG,
            "aws:PrincipalIsAWSService": "true",
            "aws:SecureTransport": "true",
        }
        found.append(("service", RequestContext(service, otherwise=MISSING)))
    return found


STRANGERS = strangers()
RESOURCE = f"arn:aws:sqs:us-east-1:{OWN}:orders"


def gets_in(written: list[dict[str, Any]], kind: str, request: RequestContext) -> bool:
    """The plain evaluation of one request against the whole policy, principals included."""
    effects = set()
    for one in parse_policy({"Version": "2012-10-17", "Statement": written}).statements:
        wanted = "Service" if kind == "service" else "AWS"
        named = one.not_principals is not None or any(
            name.name == "*" or (kind == "service" and name.kind == wanted) for name in one.principals or ()
        )
        if named and evaluate_all(one.conditions, request) is Truth.TRUE:
            effects.add(one.effect)
    return effects == {"Allow"}


@settings(max_examples=400)
@given(ALLOWS, st.lists(DENIES, max_size=2))
def test_a_stranger_who_gets_in_is_never_missed(allow: dict[str, Any], denies: list[dict[str, Any]]) -> None:
    whole = {"Action": "*", "Resource": "*"}
    written = [{**allow, **whole}, *({**deny, **whole} for deny in denies)]
    (found,) = exposures(*written)
    for kind, request in STRANGERS:
        if gets_in(written, kind, request):
            assert found.public or found.confused_deputy or found.reach is Reach.UNKNOWN, (kind, found)


GRANTS = st.builds(
    lambda effect, action, resource, condition: {
        "Effect": effect,
        **action,
        **resource,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["*", "s3:*", "s3:Get*", "lambda:*", "iam:Pass*"]).flatmap(
        lambda one: st.sampled_from([{"Action": one}, {"NotAction": one}])
    ),
    st.sampled_from(["*", "arn:aws:s3:::b*", "arn:aws:s3:::b/a"]).flatmap(
        lambda one: st.sampled_from([{"Resource": one}, {"NotResource": one}])
    ),
    st.sampled_from([{}, {}, {"Bool": {"a:b": "true"}}, {"StringEquals": {"c:d": "x"}}]),
)
POLICIES = st.lists(GRANTS, min_size=1, max_size=4)
REQUESTS = [("s3:GetObject", "arn:aws:s3:::b/a"), ("s3:PutObject", "arn:aws:s3:::c/a"), ("iam:PassRole", "*")]
CONTEXTS = [RequestContext(), RequestContext({"a:b": "true"}), RequestContext({"a:b": "false"}, otherwise=MISSING)]
ORDER = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


def answers(written: list[dict[str, Any]]) -> list[int]:
    subject = permissions([{"Version": "2012-10-17", "Statement": written}])
    return [ORDER[subject.allows(*request, context).granted] for request in REQUESTS for context in CONTEXTS]


def breadth(written: list[dict[str, Any]]) -> int:
    grants = broad_grants(permissions([{"Version": "2012-10-17", "Statement": written}]))
    return max((len(Breadth) - list(Breadth).index(one.breadth) for one in grants), default=0)


def no_wider(after: list[int], before: list[int]) -> bool:
    return all(one <= other for one, other in zip(after, before, strict=True))


@given(POLICIES, GRANTS)
def test_identity_deny_never_widens(written: list[dict[str, Any]], another: dict[str, Any]) -> None:
    more = [*written, {**another, "Effect": "Deny"}]
    assert no_wider(answers(more), answers(written))
    assert breadth(more) <= breadth(written)


@given(POLICIES, st.integers(0, 3))
def test_identity_condition_on_an_allow_never_widens(written: list[dict[str, Any]], place: int) -> None:
    place %= len(written)
    if written[place]["Effect"] == "Deny":
        return
    changed = {**written[place], "Condition": {**written[place].get("Condition", {}), "Null": {"a:b": "false"}}}
    more = [*written[:place], changed, *written[place + 1 :]]
    assert no_wider(answers(more), answers(written))
    assert breadth(more) <= breadth(written)


@given(POLICIES, st.sampled_from(["Action", "Resource"]))
def test_identity_wider_wildcard_never_narrows(written: list[dict[str, Any]], element: str) -> None:
    def widened(one: dict[str, Any]) -> dict[str, Any]:
        if one["Effect"] == "Deny" or element not in one:
            return one
        return {
            **one,
            element: one[element].split(":")[0] + ":*" if element == "Action" and ":" in one[element] else "*",
        }

    more = [widened(one) for one in written]
    assert no_wider(answers(written), answers(more))
    assert breadth(written) <= breadth(more)
