"""What templates declare beside what accounts have."""

from dataclasses import replace

import pytest

from assaybook.capture import OK, PLACES, Capture, Captures, Target
from assaybook.evidence import Gap, Hole
from assaybook.model import Subject
from assaybook.shape.source.inventory import shape_inventory
from assaybook.tables.compute import Workload
from case_files import ALL, FOLDER, load

STACK, ACCOUNT, REGION = "012345678901", "111122223333", "us-east-1"
CAPTURES = Captures([Capture(PLACES, Target("aws", STACK, REGION), {"path": "template.yaml"}, OK, {"problems": []})])


def function(account: str, name: str, logical: str = "") -> Workload:
    sample = load(FOLDER / "function-not-managed.yaml")[0].row
    assert isinstance(sample, Workload)
    arn = f"arn:aws:lambda:{REGION}:{account}:function:{name}"
    where = "template.yaml:3" if account == STACK else ""
    subject = Subject("aws", account, REGION, "function", arn, name)
    tags = {"aws:cloudformation:logical-id": logical} if logical else {}
    return replace(sample, key=arn, subject=subject, name=name, tags=tags, where=where)


def compared(*rows: Workload | Hole) -> dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]]:
    return {each.side: (each.same, each.alike, each.missing) for each in shape_inventory(CAPTURES, rows)}


@pytest.mark.parametrize(
    ("declared", "deployed", "logical", "likeness"),
    [
        ("orders", "orders", "", "same"),
        ("orders", "payments", "", "missing"),
        ("stack-Orders", "shop-Orders-1A2B3C4D5E6F", "Orders", "same"),
        ("stack-Orders", "shop-Orders-1A2B3C4D5E6F", "", "alike"),
        ("stack-Orders", "shop-Payments-1A2B3C4D5E6F", "", "missing"),
        ("${Stage}-orders", "prod-orders", "", "alike"),
        ("${Stage}-orders", "prod-payments", "", "missing"),
        ("stack-OrdersOfTheShop", "a-long-name-OrdersOfTh-1A2B3C4D5E6F", "", "alike"),
        ("stack-Orders", "shop-Orders-1A2B3C4D5E6F", "Payments", "missing"),
        ("${Name}", "anything", "", "missing"),
        ("${AWS::StackName}-orders", "shop-orders", "", "alike"),
    ],
)
def test_likeness(declared: str, deployed: str, logical: str, likeness: str) -> None:
    found = compared(function(STACK, declared), function(ACCOUNT, deployed, logical))
    expected = {
        "same": (1, (), ()),
        "alike": (0, (declared,), ()),
        "missing": (0, (), (declared,)),
    }
    assert found["template"] == expected[likeness]
    assert [len(each) if isinstance(each, tuple) else each for each in found["account"]] == [
        len(each) if isinstance(each, tuple) else each for each in expected[likeness]
    ]


def test_one_side_alone_is_not_compared() -> None:
    assert compared(function(STACK, "a")) == {}
    assert compared(function(ACCOUNT, "a")) == {}


def test_functions_that_could_not_be_listed_leave_it_open() -> None:
    place = Subject("aws", ACCOUNT, REGION, "region", ACCOUNT, ACCOUNT)
    unread = Hole(Workload, Gap("lambda:ListFunctions", "denied"), place)
    holes = [each for each in shape_inventory(CAPTURES, [function(STACK, "a"), unread]) if isinstance(each, Hole)]
    assert [each.gap.state for each in holes] == ["denied"]


def test_the_check_is_there() -> None:
    assert "declared-and-deployed-differ" in ALL
