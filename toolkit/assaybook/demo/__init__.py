"""The embedded account: a synthetic estate, recorded once, and played to the real collecting engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..collect import Collected

# Of a synthetic account, so it may be known; fingerprints are then the same on every machine.
KEY = bytes.fromhex("64656d6f" * 8)


def collect_demo(progress: Any = None) -> Collected:
    """Collect from the demo account, with the engine, the plan and botocore as they are, and with no network."""
    import tempfile
    from datetime import datetime
    from pathlib import Path

    from ..collect import Limits, collect_aws
    from ..collect.source import ReadingOptions
    from .packages import DemoFetcher
    from .playback import demo_session, fence, recording, undisturbed

    played = recording()
    moment = datetime.fromisoformat(played.at)
    with undisturbed(), fence(), tempfile.TemporaryDirectory() as folder:
        return collect_aws(
            demo_session(played),
            regions=played.regions,
            plan="standard",
            key=KEY,
            clock=lambda: moment,
            journal=Path(folder) / "journal",
            progress=progress,
            limits=Limits(rates=False),
            code=ReadingOptions(KEY, processes=1, fetcher=DemoFetcher()),
        )
