"""Write the pages into a folder, by default docs."""

from __future__ import annotations

import sys
from pathlib import Path

from ..files import write_atomically
from . import PAGES

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, page in PAGES.items():
        write_atomically(folder / name, page())
