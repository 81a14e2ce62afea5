"""A row that adds up to 1: one number stays, the others share what it leaves."""

import math
import random
from dataclasses import dataclass

import pytest

from visualizer.scenario import BaseScenario, Rows, index_of, rows, scaled_to_one


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """A distribution t, as long as `z` begins with a positive number."""

    z: Rows = rows("1,1,1", least=2)
    j: int = index_of("z")
    t: Rows = rows("0,1,0", like="z", low=0, high=1, distributed=lambda s: s.z[0][0] > 0)


@pytest.mark.parametrize(
    ("row", "kept", "scaled"),
    [
        ((0.2, 0.6, 0.1), 1, (0.266667, 0.6, 0.133333)),  # they keep their proportions
        ((0, 0.6, 0), 1, (0.2, 0.6, 0.2)),  # and share alike where they have none
        ((0.5, 1, 0.5), 1, (0, 1, 0)),
        ((1, 1, 0), 2, (0.5, 0.5, 0)),
        ((0, 0), 0, (0, 1)),
        ((0.25, 0.5, 0.25), 1, (0.25, 0.5, 0.25)),  # it adds up already
        ((1 / 3, 1 / 3, 1 / 3), 0, (1 / 3, 1 / 3, 1 / 3)),
        ((5e-324, 0.5, 5e-324), 1, (0.25, 0.5, 0.25)),
    ],
)
def test_the_others_share_what_one_leaves(row, kept, scaled):
    assert scaled_to_one(row, kept) == scaled


def rows_of_all_kinds():
    rng = random.Random(0)
    for _ in range(3000):
        kinds = (0, 1, rng.random(), 1e-6 * rng.random(), 1 - 1e-6 * rng.random(), 5e-324)
        row = tuple(rng.choice(kinds) for _ in range(rng.randint(2, 32)))
        yield row, rng.randrange(len(row))


def test_what_comes_out_adds_up_and_stays_as_it_is_whatever_is_kept_next():
    for row, kept in rows_of_all_kinds():
        scaled = scaled_to_one(row, kept)
        assert math.fsum(scaled) == pytest.approx(1, abs=1e-9)
        assert scaled[kept] == row[kept]
        assert all(0 <= value <= 1 for value in scaled)
        assert scaled_to_one(scaled, (kept + 1) % len(row)) == scaled


def test_the_text_of_what_is_scaled_is_short():
    scenario, _ = Scenario.from_query({"t": "0.7,0.1,0.2", "j": "0"})
    assert scenario.updated({"t": "0.4,0.1,0.2"})[0].to_link()["t"] == "0.4,0.2,0.4"
    assert scenario.updated({"t": "0.5,0.1,0.2"})[0].to_link()["t"] == "0.5,0.166666,0.333334"


def test_the_chosen_number_stays_and_nothing_is_said():
    for j in "012":
        scenario, messages = Scenario.from_query({"t": "0.2,0.4,0.6", "j": j})
        assert messages == []
        assert scenario.t[0][int(j)] == (0.2, 0.4, 0.6)[int(j)]
        assert sum(scenario.t[0]) == pytest.approx(1)


def test_where_the_scenario_asks_for_none_it_stays_as_it_is():
    scenario, messages = Scenario.from_query({"z": "-1,0,0", "t": "0.2,0.4,0.6"})
    assert (scenario.t, messages) == (((0.2, 0.4, 0.6),), [])
    assert scenario.changed(z=((1.0, 0.0, 0.0),))[0].t[0] != (0.2, 0.4, 0.6)


def test_numbers_are_cut_before_they_are_scaled():
    scenario, (message,) = Scenario.from_query({"t": "-1,5,0", "j": "1"})
    assert message.startswith("t: expected numbers from 0 to 1, got -1.")
    assert scenario.t == ((0, 1, 0),)
