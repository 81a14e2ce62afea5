"""The Practice page: choose, lock, reveal, next; the score; and nothing before the lock."""

import json
from urllib.parse import parse_qsl

import pytest

from visualizer.lessons.practice import layer_link
from visualizer.quiz.kinds import KINDS
from visualizer.quiz.questions import question
from visualizer.quiz.reasons import hint
from visualizer.quiz.sign import SIGNS

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


def told(session):
    """What the browser is told, but for the number of the run."""
    live = {name: {**data, "run": 0} for name, data in session.live.items()}
    return json.dumps(live, sort_keys=True)


def test_before_the_lock_the_choice_may_change_and_tells_nothing(session):
    before = told(session)
    session.press(f"answer_{WRONG}").press(f"answer_{ASKED.right}")
    assert told(session) == before
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
    assert box.proto.title == f"Not quite: the answer is {ASKED.right + 1}"
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


def dimmed(session):
    return {
        name
        for name, data in session.live.items()
        if data["content"] and data["content"].get("state") == "past"
    }


def test_who_comes_without_a_link_is_asked_for_signs_first(visit):
    session = visit("practice")
    for n in (1, 2, 3):
        assert session.link["n"] == str(n)
        assert [button(session, f"answer_{i}").label for i in range(3)] == list(SIGNS)
        session.press("next")


def test_a_hint_is_given_before_the_lock_and_shows_nothing_else(session):
    before = told(session)
    assert verdicts(session) == []
    assert button(session, "hint").proto.shortcut
    session.press("hint")
    assert verdicts(session) == [hint(ASKED)]
    assert button(session, "hint").disabled
    assert not is_locked(session)
    assert told(session) == before


def test_a_hint_is_said_in_the_score_and_the_answer_counts_as_any(session):
    session.press("hint")
    assert "0 of 0 right" in score(session)
    session.press(f"answer_{ASKED.right}").press("lock")
    assert "1 of 1 right · 1 hint" in score(session)
    session.press("next")
    assert verdicts(session) == []  # that was for the other question
    assert not button(session, "hint").disabled


def test_the_reason_lights_its_figures_until_all_are_to_be_shown(session):
    session.press("answer_0").press("lock")
    assert dimmed(session) == {"x", "jacobian", "terms"}
    session.press("show_all")
    assert dimmed(session) == set()
    assert "practice_show_all" not in {b.key for b in session.at.button}


def test_the_reason_lights_its_figures_until_one_is_touched(session):
    session.press("answer_0").press("lock").drag("x", 1, x="1,0,0,0")
    assert dimmed(session) == set()
    session.press("undo")
    assert dimmed(session) == {"x", "jacobian", "terms"}


def test_level_kind_layer_and_seed_say_what_they_mean(session):
    helps = [session.menu(field).proto.help for field in ("level", "kind", "layer")]
    helps += [m.proto.help for m in session.at.markdown if m.value == "Seed"]
    assert len(helps) == 4
    assert all(len(text) > 20 for text in helps)


@pytest.mark.parametrize(("kind", "said"), [("wrong", 1), ("zero", 0)])
def test_a_formula_with_a_sign_of_its_own_says_what_that_means(visit, kind, said):
    session = visit("practice", seed="7", kind=kind, layer="softmax")
    for _ in ("open", "answered"):
        assert [c.value for c in session.at.caption].count(
            "⊙ multiplies element by element."
        ) == said
        if not is_locked(session):
            session.press("answer_0").press("lock")


@pytest.fixture
def after_ten(visit):
    """Ten answers, the right one to each but to the third and the seventh; a hint for the first."""
    session, wrong = visit("practice", seed="1").press("hint"), []
    for n in range(1, 11):
        asked = question(1, 1, n)
        if mistaken := n in (3, 7):
            wrong.append(asked)
        place = (asked.right + mistaken) % len(asked.options)
        session.press(f"answer_{place}").press("lock")
        if n < 10:
            assert "practice_summary" not in {b.key for b in session.at.button}
            session.press("next")
    session.wrong = wrong
    return session


def test_after_ten_questions_there_is_a_summary_with_a_way_from_each_mistake(after_ten):
    session = after_ten
    assert "practice_next" not in {b.key for b in session.at.button}
    session.press("summary")
    texts = [m.value for m in session.at.markdown]
    assert "### Ten questions: 8 of 10 right · 1 hint" in texts
    lines = next(text for text in texts if text.startswith("**Sign**")).split("  \n")
    crossed = {line.split("**")[1] for line in lines if ":orange[" in line}
    assert crossed == {KINDS[asked.kind].label for asked in session.wrong}
    links = session.at.get("page_link")
    assert [link.proto.page for link in links] == [asked.layer for asked in session.wrong]
    assert [dict(parse_qsl(link.proto.query_string)) for link in links] == [
        layer_link(asked) for asked in session.wrong
    ]
    session.press("next")
    assert session.link["n"] == "11"
    assert not is_locked(session)


def test_the_summary_is_left_for_good_by_going_back_to_a_question(after_ten):
    session = after_ten.press("summary")
    tenth = session.link
    session.open(**tenth | {"n": "4"})
    assert "Ten questions" not in " ".join(m.value for m in session.at.markdown)
    session.open(**tenth)
    assert "practice_summary" in {b.key for b in session.at.button}


def test_answers_of_links_bring_no_summary_nearer(visit):
    session = visit("practice", seed="1", answer="1").press("next")
    for _ in range(9):
        session.press("answer_0").press("lock")
        assert "practice_summary" not in {b.key for b in session.at.button}
        session.press("next")
    session.press("answer_0").press("lock")
    assert "practice_summary" in {b.key for b in session.at.button}
