"""Two replicas behind a real nginx, and what users notice when one dies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from benchmarks.users import LiveUser
from deploy import rehearsal


def test_a_replica_that_dies_costs_its_users_a_moment_and_the_others_nothing(nginx):
    # Of so many users, one time in two thousand the balancer seats all on one replica.
    with ThreadPoolExecutor(1) as thread:  # as a Playwright in this one has its own loop
        found = thread.submit(rehearsal.run, count=12, cycles=1, within=1.0).result()
    assert found.faults() == []
    assert len(found.others) + len(found.moved) == 12


@pytest.fixture
def flawless():
    """What a rehearsal finds where all is well, without one: a user on each replica."""
    users = [LiveUser("http://127.0.0.1:1", number) for number in range(2)]
    for user in users:
        user.query = {"z": user.texts[0]}
    return rehearsal.Rehearsal((1, 1), [users[0]], [users[1]], 2)


def test_a_rehearsal_without_a_fault_has_none(flawless):
    assert flawless.faults() == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"seats": (0, 2)}, "seats"),
        ({"seats": (2, 1), "after": 3}, "lost their connection"),
        ({"after": 1}, "in the end"),
    ],
)
def test_a_rehearsal_counts_sessions(flawless, change, word):
    assert any(word in fault for fault in replace(flawless, **change).faults())


@pytest.mark.parametrize("place", ["others", "moved"])
def test_a_rehearsal_notices_what_users_lose(flawless, place):
    (user,) = getattr(flawless, place)
    user.let_go.done(1)
    assert any("lost by users" in fault for fault in flawless.faults())
    user.let_go.answered(1)
    user.moved.wrong.append("dx")
    assert any("wrong" in fault for fault in flawless.faults())
    user.moved.wrong.clear()
    user.script.link = "z=0,0,0,0,0"
    assert any("state is gone" in fault for fault in flawless.faults())


@pytest.mark.parametrize(("shown", "wrong"), [("2,1,0,0,0", 0), ("2,1,3,0,0", 1), ("0,0,0,0,0", 1)])
def test_a_new_session_is_held_to_the_link_that_opened_it(flawless, shown, wrong):
    """The lane may write a newer one before the first answer of the session."""
    (user,) = flawless.moved
    user.script.opened, user.script.link = "z=2,1,0,0,0", "z=2,1,3,0,0"
    user.script.data = lambda key: {"content": {"handles": {"moves": []}}}
    user.query = {"z": shown}
    user._begin()
    assert len(user.opened.wrong) == wrong
