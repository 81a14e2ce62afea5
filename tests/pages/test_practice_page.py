"""The Practice page: choose, lock, reveal, next; the score; and nothing before the lock."""

import json

import pytest

from visualizer.quiz.questions import question

LINK = {"seed": "7", "level": "2", "kind": "order", "n": "3", "layer": "softmax"}
ASKED = question(7, 2, 3, "order", "softmax")
WRONG = (ASKED.right + 1) % len(ASKED.options)
KEPT_BACK = ("jacobian", "terms", "dx")


@pytest.fixture
def session(visit):
    return visit("practice", **LINK)


def button(session, name):
    return session.at.button(key=f"practice_{name}")


def is_locked(session):
    """Whether the answer is out, by what the page shows."""
    keys = {b.key for b in session.at.button}
    shown = [session.live[name]["content"]["data"] != [] for name in KEPT_BACK]
    assert len(set(shown)) == 1
    assert shown[0] == ("practice_lock" not in keys) == ("practice_answer_0" not in keys)
    return shown[0]


def verdicts(session):
    return [box.value for box in (*session.at.info, *session.at.warning)]


def score(session):
    return next(m.value for m in session.at.markdown if "right" in m.value and "badge" in m.value)


def test_the_question_of_the_link_is_asked_with_its_numbers(session):
    texts = " ".join(m.value for m in session.at.markdown)
    assert "### 3." in texts
    assert [button(session, f"answer_{i}").label for i in range(4)] == list(ASKED.options)
    assert session.values("x") == list(ASKED.x)
    assert session.values("g") == list(ASKED.g)
    assert session.link == LINK


def test_before_the_lock_no_result_is_in_the_page(session):
    assert not is_locked(session)
    assert verdicts(session) == []
    for data in session.live.values():
        assert data["query"].get("answer") == "0"
        assert "handles" not in data["content"]


def test_the_lock_waits_for_a_choice(session):
    assert button(session, "lock").disabled
    session.press("answer_0")
    assert not button(session, "lock").disabled
    assert not is_locked(session)


def test_before_the_lock_the_choice_may_change_and_tells_nothing(session):
    before = json.dumps(session.live, sort_keys=True)
    session.press(f"answer_{WRONG}").press(f"answer_{ASKED.right}")
    assert json.dumps(session.live, sort_keys=True) == before
    session.press("lock")
    assert "1 of 1 right" in score(session)


def test_a_right_answer_counts_and_the_reason_is_given(session):
    session.press(f"answer_{ASKED.right}").press("lock")
    assert is_locked(session)
    (box,) = session.at.info
    assert "mean" in box.value
    assert "1 of 1 right" in score(session)


def test_a_wrong_answer_counts_as_answered_and_the_right_one_is_named(session):
    session.press(f"answer_{WRONG}").press("lock")
    (box,) = session.at.warning
    assert box.proto.title == f"Not so: the answer is {ASKED.right + 1}"
    assert "0 of 1 right" in score(session)


def test_after_the_lock_there_is_no_second_attempt(session):
    session.press(f"answer_{WRONG}").press("lock")
    session.press("next").open(**LINK)
    assert is_locked(session)
    assert "0 of 1 right" in score(session)


def test_next_asks_another_question_without_a_choice(session):
    session.press(f"answer_{ASKED.right}").press("lock").press("next")
    assert session.link == LINK | {"n": "4"}
    assert not is_locked(session)
    assert button(session, "lock").disabled
    assert "1 of 1 right" in score(session)


@pytest.mark.parametrize("change", [{"n": "4"}, {"seed": "8"}, {"layer": "sigmoid"}])
def test_a_prediction_is_forgotten_when_the_question_changes(session, change):
    session.press("answer_0").open(**(LINK | change))
    assert button(session, "lock").disabled
    session.open(**LINK)
    assert button(session, "lock").disabled


def test_a_skipped_question_does_not_count(session):
    session.press("answer_0").press("next")
    assert "0 of 0 right" in score(session)


def test_after_the_lock_a_drag_moves_the_result_and_can_be_undone(session):
    session.press(f"answer_{ASKED.right}").press("lock")
    before = session.values("dx")
    session.drag("x", 1, x="1,0,0,0")
    assert session.values("dx") != before
    session.press("undo")
    assert session.values("dx") == before


def test_undo_counts_after_a_drag_that_arrives_with_it(session):
    session.press(f"answer_{ASKED.right}").press("lock")
    before = session.live["dx"]["content"]
    session.drag("x", 1, x="1,0,0,0")
    session.at.session_state["practice_g"] = {"edit": {"n": 2, "query": {"g": "5,0,0,0"}}}
    session.press("undo")
    assert session.values("g") == list(ASKED.g)
    assert session.live["dx"]["content"] == before


def test_before_the_lock_an_edit_unlocks_nothing(session):
    session.drag("x", 1, answer="1", x="1,0,0,0")
    assert not is_locked(session)
    assert session.values("x") == list(ASKED.x)


def test_level_kind_and_layer_are_chosen_and_begin_with_the_first_question(session):
    session.choose("level", "Level 3").choose("kind", "Which is 0").choose("layer", "Sigmoid")
    assert session.link == {
        "seed": "7",
        "level": "3",
        "kind": "zero",
        "n": "1",
        "layer": "sigmoid",
    }


def test_the_seed_is_typed_or_drawn(session):
    session.at.number_input(key="practice_seed").set_value(42)
    assert session.run().link == LINK | {"seed": "42", "n": "1"}
    session.press("new_seed")
    assert session.link["n"] == "1"
    assert 0 <= int(session.link["seed"]) <= 9999


def test_a_room_with_one_link_gets_one_question(visit):
    one, other = visit("practice", **LINK), visit("practice", **LINK)
    assert {n: d["content"] for n, d in one.live.items()} == {
        n: d["content"] for n, d in other.live.items()
    }
    one.press("answer_0").press("lock")
    assert not is_locked(other.run())


def test_the_last_number_has_no_next(visit):
    assert button(visit("practice", seed="1", n="999"), "next").disabled


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_every_question_can_be_answered(visit, n, level):
    session = visit("practice", seed="11", level=level, n=str(n))
    session.press("answer_0").press("lock")
    assert is_locked(session)
    assert len(verdicts(session)) == 1
