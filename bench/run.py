"""Every measurement, one after the other. Each prints its figures, a plain baseline of the same run and the bound that the project holds itself to."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = ("demo", "assess", "policy", "graph", "collect", "scale", "source")


def main() -> None:
    """Run the measurements named on the command line, or all."""
    sys.path.insert(0, str(HERE))
    for name in sys.argv[1:] or ALL:
        print(f"\n## {name}", flush=True)
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")


if __name__ == "__main__":
    main()
