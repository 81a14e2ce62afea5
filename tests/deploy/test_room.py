"""The users that fill a server in benchmarks and rehearsals: what they check, they notice."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import users
from benchmarks.drive import server as running
from benchmarks.room import Figures, gather, use
from benchmarks.users import LiveUser, StillUser, StockUser

STOCK_PAGE = Path(__file__).parents[2] / "benchmarks" / "stock_page.py"


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    with running(STOCK_PAGE, tmp_path_factory.mktemp("empty")) as (address, _):
        yield address


@pytest.fixture
def address(request):
    """Where the users of a kind go."""
    return request.getfixturevalue("server" if request.param is LiveUser else "stock")


def visit(crowd):
    """Let users drag and let go once; in a thread, as a Playwright in this one has its own loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visited(crowd)).result()


async def visited(crowd):
    try:
        await gather(crowd, within=0.2)
        await use(crowd, cycles=1)
    finally:
        await asyncio.gather(*(user.close() for user in crowd))
    found = Figures(len(crowd))
    found.take(crowd)
    return found


every_kind = pytest.mark.parametrize(
    ("kind", "address"),
    [(LiveUser, LiveUser), (StillUser, LiveUser), (StockUser, StockUser)],
    indirect=["address"],
)


@every_kind
def test_users_see_what_nnfs_says_and_lose_nothing(kind, address):
    found = visit([kind(address, number) for number in range(3)])
    assert found.wrong == []
    assert set(found.lost.values()) == {0}
    assert (len(found.opened), len(found.let_go), found.cuts) == (3, 3, 0)
    assert len(found.moved) == (0 if kind is StockUser else 3 * 11)  # the last one says the link


@every_kind
def test_a_number_that_is_not_what_nnfs_says_is_noticed(kind, address, monkeypatch):
    monkeypatch.setattr(users, "dx_of", lambda *scenario, of=users.dx_of: of(*scenario) + 1e-6)
    monkeypatch.setattr("benchmarks.room.OPENING", 4.0)
    found = visit([kind(address, 0)])
    assert found.wrong


def test_a_figure_whose_bars_are_not_its_numbers_is_noticed():
    dx = users.dx_of((users.Z,), (users.G,))
    assert users.agree(dx.tolist(), dx.tolist(), dx)
    assert users.agree([0.5 * dx[0], *dx[1:]], dx.tolist(), dx)  # cut at the end of its axis
    for wrong in (-0.5 * dx[0], 1.1 * dx[0]):
        assert not users.agree([wrong, *dx[1:]], dx.tolist(), dx)
        assert not users.agree(dx.tolist(), [wrong, *dx[1:]], dx)
    assert not users.agree(dx[1:].tolist(), dx[1:].tolist(), dx)
