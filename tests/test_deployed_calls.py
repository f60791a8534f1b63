"""Each call of the plan is one that templates answer, or one of which it is said why they do not."""

from assaybook.code.templates.deployed import ANSWERED, AS_DECLARED, NOT_FROM_TEMPLATES, WHERE_DECLARED, deployed
from assaybook.plan.aws import CALLS
from deployed_stack import ACCOUNT, AT, made, resources


def test_each_call_is_in_exactly_one_list() -> None:
    named = [
        *ANSWERED,
        *(set(AS_DECLARED) - set(ANSWERED)),
        *(set(WHERE_DECLARED) - set(ANSWERED)),
        *NOT_FROM_TEMPLATES,
    ]
    assert len(named) == len(set(named))
    assert set(named) == {call.key for call in CALLS}


def test_what_no_template_tells_is_never_answered() -> None:
    found = deployed(resources(made("AWS::Lambda::Function", Role="arn:aws:iam::012345678901:role/r")), AT)
    asked = {each.call for each in found}
    assert not asked & set(NOT_FROM_TEMPLATES)
    assert {each.target.account for each in found} == {ACCOUNT}


def test_each_answered_listing_without_a_parent_is_answered_for_an_empty_stack() -> None:
    found = {each.call: each for each in deployed(resources(), AT)}
    for call in CALLS:
        if call.key in ANSWERED and call.items and not call.parents and not call.instead_of:
            assert (
                found[call.key].state == "ok" and found[call.key].records == 0
            ) or call.key == "events:ListEventBuses"


def test_the_captures_of_a_stack_are_the_same_each_time_and_no_two_are_of_one_request() -> None:
    stack = resources(made("AWS::Lambda::Function", "A"), made("AWS::Lambda::Function", "B"))
    found = deployed(stack, AT)
    assert found == deployed(stack, AT)
    keys = [(each.call, each.target, repr(sorted(each.params.items()))) for each in found]
    assert len(keys) == len(set(keys))
