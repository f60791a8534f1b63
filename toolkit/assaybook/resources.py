"""Where the checklists and notebooks lie: in an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["checklists", "notebooks"]) -> Path:
    """The folder of that name: the copy packed into the wheel if there is one, else the checkout's.

    Raises FileNotFoundError if neither is there, which means that the installation is incomplete.
    """
    packed = PACKAGE / "_data" / name
    if packed.is_dir():
        return packed
    checkout = PACKAGE.parents[1] / name
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(
        f"the folder {name} is neither packed with assaybook nor beside it; install assaybook again"
    )
