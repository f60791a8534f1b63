"""The demo account's captures and seal, made once for each test process."""

from functools import cache
from pathlib import Path

from assaybook.assess import Assessment
from assaybook.capture import Capture
from assaybook.catalogue import Catalogue, load_catalogue
from assaybook.collecting import seal_collected
from assaybook.config import load_config
from assaybook.demo import collect_demo
from assaybook.engagement import assess
from assaybook.people import People
from assaybook.seal import Manifest, Seal


@cache
def demo_captures() -> tuple[Capture, ...]:
    """What collecting the demo account gives, in the order of the seal and numbered."""
    return tuple(collect_demo().captures)


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the package."""
    return load_catalogue()


def write_demo_seal(folder: Path) -> Path:
    """A seal of the demo account in a folder."""
    path = folder / "evidence.seal"
    seal_collected(path, collect_demo(), synthetic=True)
    return path


def assessed(captures: tuple[Capture, ...], people: People | None = None) -> Assessment:
    """The assessment of captures as they would come out of a seal, with the default configuration."""
    manifest = Manifest(
        "0",
        "standard",
        "2026-11-16T09:00:00Z",
        "2026-11-16T09:00:00Z",
        ("arn:aws:iam::111122223333:role/audit",),
        True,
        (),
    )
    return assess([Seal(manifest, "0" * 64, captures)], load_config(None), people or People(), catalogue())
