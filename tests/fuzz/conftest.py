"""How much is tried: enough to find what is wrong, and little enough to be run all the time."""

from hypothesis import HealthCheck, settings

# The same cases every time; by hand, `--hypothesis-seed=random` and more of them.
settings.register_profile(
    "fuzz",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")
