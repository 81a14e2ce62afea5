"""Practice: predict what `backward` returns, lock the prediction in, then see why."""

import secrets

import streamlit as st

from ui.controls import menu
from ui.live import live_figures
from ui.state import PageState
from ui.top import large, lecture_buttons, top
from views.answers import Answers
from views.practice import MAX_NUMBER, MAX_SEED, Scenario
from views.questions import Question
from views.reasons import NAMES, ask, givens, reason


@st.fragment
def page() -> None:
    """Everything that an answer can change; the frame around it does not run again."""
    state: PageState[Scenario] = PageState.of("practice")
    answers: Answers = st.session_state.setdefault("practice_answers", Answers())
    state.scenario = answers.shown(state.scenario)
    asked = state.scenario.asked
    top(state, lambda state: toolbar(state, answers))

    words, pictures = st.columns([5, 9], gap="medium")
    with words, large(state, "words"):
        st.markdown(f"### {state.scenario.n}. {ask(asked)}")
        st.markdown(givens(asked))
        answer(state, asked, answers)
    with pictures:
        live_figures(state, ((("x", "g", "local"), ("jacobian", "terms", "dx")),))
    state.write_link()


def toolbar(state: PageState[Scenario], answers: Answers) -> None:
    """What is asked, from which seed, and the score of the visit."""
    scenario = state.scenario
    st.session_state["practice_seed"] = scenario.seed
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("#### Practice", width="content")
        for field in NAMES:
            choose(state, field)
        st.markdown("Seed", width="content")
        st.number_input(
            "Seed",
            0,
            MAX_SEED,
            key="practice_seed",
            on_change=lambda: state.change(seed=str(st.session_state["practice_seed"]), n="1"),
            label_visibility="collapsed",
            width=110,
        )
        st.button(
            "New seed",
            key="practice_new_seed",
            on_click=lambda: state.change(seed=str(secrets.randbelow(MAX_SEED + 1)), n="1"),
            icon=":material/casino:",
            help="Other questions, from the first. Whoever has this seed gets the same ones.",
        )
        lecture_buttons(state, steps=False)
        st.badge(answers.score, icon=":material/trophy:", color="blue")


def choose(state: PageState[Scenario], field: str) -> None:
    """Offer the values of a field by their names; the questions begin again."""
    values = {name: str(value) for value, name in NAMES[field].items()}
    now = NAMES[field][getattr(state.scenario, field)]
    menu(state, field, now, values, lambda name: {field: values[name], "n": "1"})


def answer(state: PageState[Scenario], asked: Question, answers: Answers) -> None:
    """Take the prediction; once it is locked in, say whether it was right, and why."""
    if state.scenario.locked:
        verdict(asked, state.scenario.answer - 1)
        if state.scenario.answer != answers.own.get(asked):
            st.caption("This answer came with the link: it does not count in your score.")
        with st.container(horizontal=True, gap="xsmall"):
            onward(state, "Next question", type="primary", shortcut="Right")
            if (state.scenario.x, state.scenario.g) != ((asked.x,), (asked.g,)):
                st.button(
                    "Undo drags",
                    key="practice_undo",
                    on_click=lambda: state.change(x="", g="", axes=""),
                    icon=":material/undo:",
                )
        return
    choice = prediction(asked)
    with st.container(gap="xxsmall"):
        for place, option in enumerate(asked.options):
            st.button(
                option,
                key=f"practice_answer_{place}",
                on_click=st.session_state.update,
                kwargs={"practice_prediction": (asked, place)},
                type="primary" if place == choice else "secondary",
                shortcut=str(place + 1),
                width="stretch",
            )
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Lock in",
            key="practice_lock",
            on_click=lambda: answers.lock(asked, choice + 1),
            disabled=choice is None,
            type="primary",
            icon=":material/lock:",
            shortcut="Enter",
        )
        onward(state, "Skip")


def verdict(asked: Question, locked: int) -> None:
    """Mark the right answer and the one that was locked in, and give the reason."""
    with st.container(gap="xxsmall"):
        for place, option in enumerate(asked.options):
            line = f"{place + 1} · {option}"
            if place == asked.right:
                line = f":blue[**{line}** :material/check:]"
            elif place == locked:
                line = f":orange[{line} :material/close:]"
            st.markdown(line)
    if locked == asked.right:
        st.info(reason(asked), title="Right", icon=":material/check:")
    else:
        title = f"Not so: the answer is {asked.right + 1}"
        st.warning(reason(asked), title=title, icon=":material/close:")


def prediction(asked: Question) -> int | None:
    """Return what is predicted for this question; a prediction for another one is forgotten."""
    for_question, place = st.session_state.get("practice_prediction", (asked, None))
    if for_question != asked:
        del st.session_state["practice_prediction"]
    return place if for_question == asked else None


def onward(state: PageState[Scenario], label: str, **look: str) -> None:
    """Offer the next question."""
    n = state.scenario.n
    st.button(
        label,
        key="practice_next",
        on_click=lambda: state.change(n=str(n + 1)),
        disabled=n == MAX_NUMBER,
        **look,
    )


page()
