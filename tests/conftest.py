"""What every test runs under."""

from __future__ import annotations

from hypothesis import settings

# These machines are noisy: how long one example takes says nothing.
settings.register_profile("callgate", deadline=None)
settings.load_profile("callgate")
