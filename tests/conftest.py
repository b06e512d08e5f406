"""How much Hypothesis draws: little at every run, much with HYPOTHESIS_PROFILE=deep (some minutes on one core)."""

import os

from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("ordinary", max_examples=100, derandomize=True, deadline=None, suppress_health_check=QUIET)
settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=QUIET, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))
