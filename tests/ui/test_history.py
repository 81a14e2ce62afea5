"""Undo and redo: which edits are taken in, and how many are kept."""

from itertools import pairwise

from visualizer.lessons.softmax import Scenario
from visualizer.ui import history
from visualizer.ui.history import History


def at(**query):
    scenario, refused = Scenario.from_query(query)
    assert refused == []
    return scenario


def edited(*scenarios):
    made = History()
    for before, after in pairwise(scenarios):
        made.record(before, after)
    return made


def test_edits_are_taken_back_in_order_and_made_again():
    a, b, c = at(z="1,0,0"), at(z="2,0,0"), at(z="2,0,0", T="3")
    made = edited(a, b, c)
    assert [made.back(c), made.back(b), made.back(a)] == [b, a, a]
    assert [made.forth(a), made.forth(b), made.forth(c)] == [b, c, c]


def test_after_an_undo_another_edit_is_the_one_that_counts():
    a, b, c = at(z="1,0,0"), at(z="2,0,0"), at(z="3,0,0")
    made = edited(a, b)
    assert made.back(b) == a
    made.record(a, c)
    assert made.forth(c) == c
    assert made.back(c) == a


def test_to_look_at_a_page_in_another_way_is_no_edit():
    a = at(z="1,0,0")
    made = edited(a, at(z="1,0,0", step="4", tab="code"), at(z="1,0,0", present="1", hide="below"))
    assert made.past == []


def test_undo_keeps_how_the_page_is_looked_at():
    a, b = at(z="1,0,0", step="1"), at(z="2,0,0", step="4", present="1", tab="code")
    assert edited(a, b).back(b) == at(z="1,0,0", step="4", present="1", tab="code")


def test_as_many_edits_are_kept_as_a_lecture_needs():
    states = [at(T=str(1 + i / 100)) for i in range(2 * history.MOST)]
    made = edited(*states)
    assert made.past == states[-history.MOST - 1 : -1]


def test_of_large_batches_fewer_are_kept_and_the_last_one_always(monkeypatch):
    one, two, three = (at(z=f"{i},0,0") for i in (1, 2, 3))
    length = sum(map(len, one.to_query().values()))
    for longest, kept in ((0, [two]), (length, [two]), (2 * length, [one, two])):
        monkeypatch.setattr(history, "LONGEST", longest)
        assert edited(one, two, three).past == kept
