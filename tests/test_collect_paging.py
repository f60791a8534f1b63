import pytest

import wire
from answers import answering, capture_of, collect_from, row, rows
from assaybook.capture import DENIED, FAILED, OK
from assaybook.collect.paging import TOKENS, paging_of
from assaybook.plan import Call
from assaybook.plan.aws import CALLS
from wire import Refusal

LOCKED = ("wafv2:GetWebACL", "wafv2:GetRuleGroup")
NOT_PAGES = {f"{call}{scope}": "LockToken" for call in LOCKED for scope in ("", "/cloudfront")}


def functions(*names):
    return [{"FunctionName": name, "Version": "$LATEST"} for name in names]


def paged(pages, token="Marker", next_token="NextMarker"):
    def answer(params, region):
        at = int(params.get(token, 0))
        more = {next_token: str(at + 1)} if at + 1 < len(pages) else {}
        return {**pages[at], **more}

    return answer


def test_pages_are_joined_and_tokens_are_left_out():
    pages = [
        {"Functions": functions("a", "b")},
        {"Functions": functions("c")},
        {"Functions": []},
        {"Functions": functions("d")},
    ]
    found = capture_of(
        collect_from(answering({"lambda:ListFunctions": paged(pages)}), calls=rows("lambda:ListFunctions")),
        "lambda:ListFunctions",
    )
    assert [each["FunctionName"] for each in found.answer["Functions"]] == ["a", "b", "c", "d"]
    assert (found.state, found.pages, found.records, found.attempts) == (OK, 4, 4, 4)
    assert set(found.answer) == {"Functions"}
    assert found.params == {"FunctionVersion": "ALL"}
    assert len(found.request_ids) == 4


def test_every_list_of_an_answer_is_joined():
    def answer(params, region):
        more = {} if params.get("Marker") else {"IsTruncated": True, "Marker": "m"}
        name = "second" if params.get("Marker") else "first"
        role = {"RoleName": name, "Arn": name}
        return {
            "RoleDetailList": [role],
            "UserDetailList": [{"UserName": name}],
            "GroupDetailList": [],
            "Policies": [],
            **more,
        }

    found = capture_of(
        collect_from(
            answering({"iam:GetAccountAuthorizationDetails": answer}), calls=rows("iam:GetAccountAuthorizationDetails")
        ),
        "iam:GetAccountAuthorizationDetails",
    )
    assert [each["RoleName"] for each in found.answer["RoleDetailList"]] == ["first", "second"]
    assert [each["UserName"] for each in found.answer["UserDetailList"]] == ["first", "second"]
    assert "IsTruncated" not in found.answer


def test_lists_within_members_are_joined():
    def answer(params, region):
        first = not params.get("Marker")
        listed = {
            "Items": [{"Id": "one" if first else "two"}],
            "IsTruncated": first,
            "Quantity": 1,
            "Marker": "",
            "MaxItems": 1,
        }
        return {"DistributionList": {**listed, **({"NextMarker": "m"} if first else {})}}

    found = capture_of(
        collect_from(answering({"cloudfront:ListDistributions": answer}), calls=rows("cloudfront:ListDistributions")),
        "cloudfront:ListDistributions",
    )
    assert [each["Id"] for each in found.answer["DistributionList"]["Items"]] == ["one", "two"]


def test_operations_that_botocore_cannot_page_are_paged_by_their_tokens():
    pages = [{"WebACLs": [{"Name": "a", "Id": "1"}]}, {"WebACLs": [{"Name": "b", "Id": "2"}]}]
    call = row("wafv2:ListWebACLs")
    found = capture_of(
        collect_from(answering({"wafv2:ListWebACLs": paged(pages, "NextMarker")}), calls=(call,)), call.key
    )
    assert [each["Name"] for each in found.answer["WebACLs"]] == ["a", "b"]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.key)
def test_every_row_with_a_token_is_paged(call: Call):
    model = wire.operation(call.name)
    paging = paging_of(wire.session().get_component("data_loader"), model)
    answered = {
        name for name in (model.output_shape.members if model.output_shape else {}) if name in TOKENS or "oken" in name
    }
    answered -= {NOT_PAGES.get(call.key)}
    assert not answered or paging.sent, f"{call.key} has {answered}"
    if call.items and paging.sent:
        assert call.items in paging.lists


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("lambda:ListFunctions", {"Functions": functions("a"), "NextMarker": "same"}, "twice"),
        (
            "iam:GetAccountAuthorizationDetails",
            {"RoleDetailList": [{"RoleName": "r"}], "IsTruncated": True},
            "not where",
        ),
    ],
)
def test_paging_that_cannot_end_is_cut_and_said(name, answer, said):
    found = capture_of(collect_from(answering({name: answer}), calls=rows(name)), name)
    assert (found.state, found.reason) == (FAILED, "paging_cut")
    assert said in found.message
    assert found.pages <= 2


def test_too_many_pages_are_cut():
    from dataclasses import replace

    from answers import QUICK

    def endless(params, region):
        return {"Functions": functions("a"), "NextMarker": str(int(params.get("Marker", 0)) + 1)}

    limits = replace(QUICK, pages=5, rates=False)
    found = capture_of(
        collect_from(answering({"lambda:ListFunctions": endless}), calls=rows("lambda:ListFunctions"), limits=limits),
        "lambda:ListFunctions",
    )
    assert (found.state, found.reason, found.pages) == (FAILED, "paging_cut", 5)


def test_a_page_that_fails_leaves_a_partial_listing_that_is_no_population():
    def answer(params, region):
        if params.get("Marker"):
            return Refusal("AccessDeniedException", "not any more", 403)
        return {"Functions": functions("a"), "NextMarker": "1"}

    collected = collect_from(
        answering({"lambda:ListFunctions": answer, "lambda:GetPolicy": {"Policy": "{}"}}),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy"),
    )
    found = capture_of(collected, "lambda:ListFunctions")
    assert (found.state, found.pages, found.records) == (DENIED, 1, 1)
    assert found.gap() is not None
    assert capture_of(collected, "lambda:GetPolicy").params == {"FunctionName": "a"}


def test_what_a_record_leads_to_is_asked_once_although_pages_repeat_it():
    pages = [{"Functions": functions("a", "b")}, {"Functions": functions("b", "c")}]
    asked = []
    collected = collect_from(
        answering(
            {
                "lambda:ListFunctions": paged(pages),
                "lambda:GetPolicy": lambda params, _: asked.append(params["FunctionName"]) or {"Policy": "{}"},
            }
        ),
        calls=rows("lambda:ListFunctions", "lambda:GetPolicy"),
    )
    assert sorted(asked) == ["a", "b", "c"]
    assert capture_of(collected, "lambda:ListFunctions").records == 4
