"""A real nginx with the configuration of `deploy`; where there is none, its tests are skipped."""

import os

import pytest

from benchmarks import balancer


@pytest.fixture(scope="session")
def nginx():
    """Where nginx is."""
    path = balancer.found()
    if path is None:
        required = os.environ.get("REQUIRE_NGINX") == "1"
        (pytest.fail if required else pytest.skip)(balancer.MISSING)
    return path
