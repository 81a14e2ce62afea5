"""Practice: predict what `backward` returns, lock the prediction in, then see why."""

import secrets
from typing import Any

import streamlit as st

from visualizer.lessons import BY_NAME
from visualizer.lessons.practice import MAX_NUMBER, MAX_SEED, OWN, layer_link
from visualizer.quiz.answers import Answers, by_kind, said
from visualizer.quiz.question import Question
from visualizer.quiz.reasons import HELP, NAMES, ask, givens, hint, notation, reason
from visualizer.ui.controls import menu
from visualizer.ui.live import control_row, live_figures, saver
from visualizer.ui.state import PageState
from visualizer.ui.top import large, lecture_buttons, top


@st.fragment
def page() -> None:
    """Everything that an answer can change; the frame around it does not run again."""
    state: PageState = PageState.of("practice")
    answers: Answers = st.session_state.setdefault("practice_answers", Answers())
    shown = answers.shown(state.scenario)
    if shown is not state.scenario:  # the answer is revealed
        state.scenario = shown
        state.fit()
    asked = state.scenario.asked
    if answers.summed != asked:  # the visitor has gone on, or back
        answers.summed = None
    top(state, lambda state: toolbar(state, answers))

    words, pictures = st.columns([5, 9], gap="medium")
    with words, large(state, "words"):
        if answers.summed == asked:
            summary(state, asked, answers)
        else:
            st.markdown(f"#### {state.scenario.n}. {ask(asked)}")
            st.markdown(givens(asked))
            answer(state, asked, answers)
    with pictures, st.container(gap=None):
        saver(state)
        live_figures(state)
    state.write_link()


def toolbar(state: PageState, answers: Answers) -> None:
    """What is asked, from which seed, and the score of the visit."""
    scenario = state.scenario
    st.session_state["practice_seed"] = scenario.seed
    with control_row(state, "Practice"):
        for field in NAMES:
            choose(state, field)
        st.markdown("Seed", width="content", help=HELP["seed"])
        st.number_input(
            "Seed",
            0,
            MAX_SEED,
            key="practice_seed",
            on_change=lambda: state.change(fit=True, seed=st.session_state["practice_seed"], n=1),
            label_visibility="collapsed",
            width=110,
        )
        st.button(
            "New seed",
            key="practice_new_seed",
            on_click=lambda: state.change(fit=True, seed=secrets.randbelow(MAX_SEED + 1), n=1),
            icon=":material/casino:",
            help="Other questions, from the first. Whoever has this seed gets the same ones.",
        )
        lecture_buttons(state)
        st.badge(answers.score, icon=":material/trophy:", color="blue")


def choose(state: PageState, field: str) -> None:
    """Offer the values of a field by their names; the questions begin again."""
    values = {name: value for value, name in NAMES[field].items()}
    now = NAMES[field][getattr(state.scenario, field)]
    menu(
        state,
        field,
        now,
        values,
        lambda name: {field: values[name], "n": 1},
        help=HELP[field],
    )


def answer(state: PageState, asked: Question, answers: Answers) -> None:
    """Take the prediction; once it is locked in, say whether it was right, and why."""
    if state.scenario.locked:
        revealed(state, asked, answers)
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
        explain_notation(asked)
    with st.container(horizontal=True, gap="xsmall"):
        lock_button(asked, choice, answers)
        ask_for_hint(asked, answers)
        onward(state, "Skip")
    if asked in answers.hinted:
        st.info(hint(asked), icon=":material/lightbulb:")


def ask_for_hint(asked: Question, answers: Answers) -> None:
    """Offer the first step of the reason."""
    st.button(
        "Hint",
        key="practice_hint",
        on_click=lambda: answers.hinted.add(asked),
        disabled=asked in answers.hinted,
        icon=":material/lightbulb:",
        shortcut="H",
        help="The first step towards the answer. The question counts as before.",
    )


def lock_button(asked: Question, choice: int | None, answers: Answers) -> None:
    """Offer to lock in what is predicted, once something is."""

    def lock() -> None:
        if choice is not None:
            answers.lock(asked, choice + 1)

    st.button(
        "Lock in",
        key="practice_lock",
        on_click=lock,
        disabled=choice is None,
        type="primary",
        icon=":material/lock:",
        shortcut="Enter",
    )


def revealed(state: PageState, asked: Question, answers: Answers) -> None:
    """Say whether the answer is right, and why; from here numbers may be dragged, and back."""
    scenario = state.scenario
    verdict(asked, scenario.answer - 1)
    if scenario.answer != answers.own.get(asked):
        st.caption("This answer came with the link: it does not count in your score.")
    with st.container(horizontal=True, gap="xsmall"):
        if answers.round_ending(asked):
            summary_button(asked, answers)
        else:
            onward(state, "Next question", type="primary", shortcut="Right")
        if scenario.step:
            st.button(
                "Show all",
                key="practice_show_all",
                on_click=lambda: state.change(whole=True),
                icon=":material/visibility:",
                help="Light the figures too that the reason does not speak of",
            )
        if (scenario.x, scenario.g) != ((asked.x,), (asked.g,)):
            st.button(
                "Undo drags",
                key="practice_undo",
                on_click=lambda: state.change(fit=True, **OWN),
                icon=":material/undo:",
            )


def summary_button(asked: Question, answers: Answers) -> None:
    """Offer to sum up the ten questions that end with this one."""
    st.button(
        "Summary",
        key="practice_summary",
        on_click=lambda: setattr(answers, "summed", asked),
        type="primary",
        icon=":material/checklist:",
        shortcut="Right",
    )


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
        explain_notation(asked)
    if locked == asked.right:
        st.info(reason(asked), title="Right", icon=":material/check:")
    else:
        title = f"Not quite: the answer is {asked.right + 1}"
        st.warning(reason(asked), title=title, icon=":material/close:")


def explain_notation(asked: Question) -> None:
    """Say what a sign in the options means, below them."""
    if said_of_it := notation(asked):
        st.caption(said_of_it)


def summary(state: PageState, asked: Question, answers: Answers) -> None:
    """Sum up the last ten answers: by kind, with the way from each mistake to its numbers."""
    ten = answers.round_ending(asked)
    st.markdown(f"### Ten questions: {said(ten, answers.hinted)}")
    lines = [
        f"**{NAMES['kind'][kind]}**: {said(pairs, answers.hinted)} {mark(pairs)}"
        for kind, pairs in by_kind(ten).items()
    ]
    st.markdown("  \n".join(lines))
    mistakes = [other for other, given in ten if given != other.right + 1]
    if mistakes:
        st.markdown("What went wrong, with its numbers on the page of its layer:")
    with st.container(gap="xxsmall"):
        for other in mistakes:
            st.page_link(
                f"../../pages/{other.layer}.py",
                label=f"{ask(other)} Right: {other.options[other.right]}",
                icon=BY_NAME[other.layer].icon,
                query_params=layer_link(other),
            )
    onward(state, "Ten more", type="primary", shortcut="Right")


def mark(answered: list[tuple[Question, int]]) -> str:
    """Return a tick where all is right, or else a cross."""
    right = all(given == asked.right + 1 for asked, given in answered)
    return ":blue[:material/check:]" if right else ":orange[:material/close:]"


def prediction(asked: Question) -> int | None:
    """Return what is predicted for this question; a prediction for another one is forgotten."""
    for_question, place = st.session_state.get("practice_prediction", (asked, None))
    if for_question != asked:
        del st.session_state["practice_prediction"]
    return place if for_question == asked else None


def onward(state: PageState, label: str, **look: Any) -> None:
    """Offer the next question."""
    n = state.scenario.n
    st.button(
        label,
        key="practice_next",
        on_click=lambda: state.change(fit=True, n=n + 1),
        disabled=n == MAX_NUMBER,
        **look,
    )


page()
