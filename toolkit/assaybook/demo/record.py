"""Records the demo account anew: `python -m assaybook.demo.record [FILE]`. Needs moto, a development dependency.

The estate is built on an emulated account whose clock stands still, the engine collects from it with the real plan, and every raw
answer is written down. The same estate gives the same bytes on every day.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .playback import FILE, undisturbed
from .recording import Answer, Recording, kept_headers, packed, question

if TYPE_CHECKING:
    from .emulator.exchange import Exchange, Http

AT = "2026-11-16T09:00:00+00:00"
# What an emulator invents anew for each answer.
INVENTED = re.compile(r"(<RequestId>)[^<]*(</RequestId>)|(<requestId>)[^<]*(</requestId>)", re.IGNORECASE)
REQUEST_ID = "00000000-0000-4000-8000-000000000000"


class EmulatorGap(Exception):
    """Calls of the plan that the emulated account cannot answer: what AWS would say must be declared."""


def record() -> bytes:
    """The recording's bytes. Raises EmulatorGap."""
    from .emulator.clock import standing_clock

    moment = datetime.fromisoformat(AT)
    with undisturbed(), standing_clock(moment):
        # Modules of the emulator take the standing clock over when they are imported.
        from ..collect import Limits, collect_aws
        from ..collect.source import ReadingOptions
        from .emulator.account import emulated_account, emulated_session
        from .estate import build_estate
        from .estate.gaps import Gaps
        from .estate.names import ACCOUNT, REGIONS, SECRET_PIECES
        from .packages import DemoFetcher

        gaps = Gaps()
        unanswered: list[str] = []
        made = Recording(ACCOUNT, REGIONS, AT)

        def heard(asked: Exchange, http: Http) -> None:
            key = question(asked.service, asked.operation, asked.region, asked.params)
            body = INVENTED.sub(lambda found: _with_id(found), http.body.decode())
            made.answers[key] = Answer(http.status, kept_headers(http.headers), body)

        with emulated_account(ACCOUNT), tempfile.TemporaryDirectory() as folder:
            build_estate(emulated_session(gaps.fills(), unanswered), gaps)
            collect_aws(
                emulated_session(gaps.fills(), unanswered, heard),
                regions=REGIONS,
                plan="full",
                key=bytes(32),
                clock=lambda: moment,
                journal=Path(folder) / "journal",
                limits=Limits(rates=False, calls=1, bucket_calls=1),
                code=ReadingOptions(bytes(32), processes=1, fetcher=DemoFetcher()),
            )
        if unanswered:
            raise EmulatorGap(
                "the emulated account cannot answer, and estate/gaps.py does not: " + "; ".join(sorted(unanswered))
            )
        return packed(made, SECRET_PIECES)


def _with_id(found: re.Match[str]) -> str:
    parts = [each for each in found.groups() if each]
    return f"{parts[0]}{REQUEST_ID}{parts[1]}"


def main() -> None:
    """Write the recording to the file that is named, by default the one of the package."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name(FILE)
    data = record()
    path.write_bytes(data)
    print(f"{path}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
