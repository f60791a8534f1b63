"""What every test process does first."""

from hypothesis import settings

from assaybook.fast import lean_imports

lean_imports()
# Machines are shared and slow at times: no deadline for a single example, and no example database in the checkout.
settings.register_profile("assaybook", deadline=None, database=None)
settings.load_profile("assaybook")
