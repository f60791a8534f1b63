"""Which code points the bundled fonts can show. Run as a program it writes coverage.txt anew, after a font was changed."""

import unicodedata
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(str(files("assaybook.report").joinpath("fonts")))


def faces() -> list[Path]:
    """The faces that the PDF uses."""
    return sorted(each for each in FONTS.iterdir() if each.suffix in (".ttf", ".otf"))


def ranges() -> list[tuple[int, int]]:
    """First and last code point of each run that some face maps and that is a visible character."""
    found: set[int] = set()
    for path in faces():
        with TTFont(path) as font:
            found.update(font.getBestCmap())
    shown = sorted(
        point for point in found if unicodedata.category(chr(point)) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    )
    starts = [shown[0], *(after for before, after in pairwise(shown) if after != before + 1)]
    ends = [*(before for before, after in pairwise(shown) if after != before + 1), shown[-1]]
    return list(zip(starts, ends, strict=True))


if __name__ == "__main__":
    lines = [f"{first:04X}-{last:04X}" if last > first else f"{first:04X}" for first, last in ranges()]
    (FONTS / "coverage.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
