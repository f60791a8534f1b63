"""What every test process does first."""

import os

from hypothesis import settings

from assaybook.fast import lean_imports

lean_imports()
# Machines are shared and slow at times: no deadline for a single example, and no example database in the checkout.
# A pipeline tries the same examples each time, so that what it refuses is what changed; elsewhere each run looks further.
settings.register_profile("assaybook", deadline=None, database=None, derandomize="CI" in os.environ)
settings.load_profile("assaybook")
