"""The state of a page: one scenario, whether it comes from a link, a control or a drag."""

import secrets
import threading
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Self

import streamlit as st

from visualizer.figures import Moment
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.carry import carried
from visualizer.lessons.lesson import Lesson
from visualizer.lessons.tour import stop_query
from visualizer.scenario import MAX_LINK, BaseScenario, fits_link
from visualizer.server.lane import is_narrow
from visualizer.ui.history import History
from visualizer.ui.internals import went_back

# Set by the frame at the start of a run of the whole app.
WHOLE_RUN = "whole_run"

# Large scenarios are computed one after another. Side by side they take as long, and their arrays
# are in memory together: 1.5 GB where thirty users open a link of 1000 classes, and 0.4 with this.
_ALONE = threading.Lock()


class PageState:
    """What one user sees on one page, kept for the session.

    Attributes:
        lesson: the page.
        scenario: what is shown.
        ends: where the axes end, kept while something is dragged; {} to fit them.
        messages: what was refused of the last edit, for the user to read.
        link_messages: what was refused of the link. They stay while something is dragged: when they
            go, all that is below moves up.
        ack: number of the newest edit taken up from the live figures.
        session: names this session to the browser, which notices when it is a new one.
        live_keys: of the elements whose edits it takes up.
        entered: how often a stop of the tour was entered.
        runs: how often the script has told the browser of the page.
        opened: what the link said that brought the user here; Reset returns to it.
        history: of its edits, for undo and redo.
        in_hand: whether an edit has been taken up to which more is to come.
        drawn: what the figures in the browser show, as `shown` has it.
        brought: the page, and what it showed, from which a presentation has brought the inputs.
        inputs_before: what its inputs were then; None if nothing was brought.
    """

    def __init__(self, page: str) -> None:
        """Begin with the defaults of the page's scenario."""
        self.lesson: Lesson = BY_NAME[page]
        self.scenario: Any = self.lesson.Scenario.usual()
        self.ends: dict[str, float] = {}
        self.messages: list[str] = []
        self.link_messages: list[str] = []
        self.ack = 0
        self.session = secrets.token_hex(4)
        self.live_keys: set[str] = set()
        self.entered = 0
        self.runs = 0
        self.opened = self.scenario
        self.history = History()
        self.in_hand = False
        self.drawn: dict[str, str] = {}
        self.brought: tuple[Lesson, Any] = (self.lesson, self.scenario)
        self.inputs_before: tuple[Any, ...] | None = None
        self.link: dict[str, str] | None = None  # in the address bar
        self.link_before: dict[str, str] | None = None
        self._moment: Moment | None = None
        self._stood: Moment | None = None  # where a lesson has something to go back to

    @classmethod
    def of(cls, page: str) -> Self:
        """Return the page's state of this session, brought up to date; call it first in a run.

        A link counts when it is opened, or when the address changes by another hand (back and
        forward), which runs the whole app; what a fragment's run is told of the address may be
        older than what the run before it has written there. Edits of the live figures count when
        they are newer than the last one.
        """
        state = cls._kept(page)
        address = st.query_params.to_dict()
        moved = st.session_state.pop(WHOLE_RUN, False) and address != state.link
        if state.link is not None:
            state._take_up_edits()
            if moved and address == state.scenario.to_link():  # as the browser has written it
                moved, state.link = False, address
        if state.link is None or (moved and state._is_opened(address)):
            state.open(address)
            state._take_up_edits()
        return state

    @classmethod
    def _kept(cls, page: str) -> Self:
        """Return the page's state of this session: at the first visit, a new one."""
        key = f"{page}_state"
        if key not in st.session_state:
            st.session_state[key] = cls(page)
        return st.session_state[key]

    @property
    def shown(self) -> dict[str, str]:
        """All that the figures depend on, as text by field."""
        return {name: text for name, text in self.scenario.to_query().items() if name != "tab"}

    @property
    def frame(self) -> tuple[Any, ...]:
        """All that stands around the figures and above the tabs depends on, to be compared.

        What figures alone show is no part of it, such as what is dragged; but where a check says
        how many numbers agree, every number is.
        """
        shown = self.shown
        if not self.is_checked:
            shown = {name: text for name, text in shown.items() if name not in self.lesson.follows}
        return shown, tuple(self.messages), tuple(self.link_messages)

    @property
    def is_checked(self) -> bool:
        """Whether the last step of a lecture says above the figures how many numbers agree."""
        steps = self.lesson.steps
        return steps is not None and self.scenario.step == steps.last

    @property
    def page(self) -> str:
        """The name of the page, as in its address and in its keys."""
        return self.lesson.name

    @property
    def moment(self) -> Moment:
        """The numbers of the scenario, computed once a run, and where the axes end now."""
        if self._moment is None or self._moment.scenario is not self.scenario:
            with nullcontext() if is_narrow(self.scenario) else _ALONE:
                moment = self.lesson.moment(self.scenario, self.ends)
            self._moment, self._stood = self.lesson.standing(moment, self._stood)
            self.ends = dict(self._moment.ends)
        return self._moment

    @property
    def values(self) -> Mapping[str, Any]:
        """The arrays of the moment, by name."""
        return self.moment.values

    def open(self, query: Mapping[str, str]) -> None:
        """Show what a link says."""
        too_long = []
        if sum(len(name) + len(text) for name, text in query.items()) > MAX_LINK:
            too_long = [
                f"Link: expected at most {MAX_LINK} characters, got more. "
                "The page shows its defaults."
            ]
            query = {}
        scenario, refused = type(self.scenario).from_query(query)
        if self.link is None:
            self.scenario = scenario  # to which nothing was edited
        if self.link is None or not went_back():  # the way back leads to no other lecture
            self.opened = scenario
        self.show(scenario)
        self.link_messages = too_long + refused
        self.link = dict(query)

    def show(self, scenario: BaseScenario) -> None:
        """Show another scenario, with axes that fit it."""
        self._set(scenario, [])
        self.fit()

    def fit(self) -> None:
        """Fit every axis to what it shows now."""
        self.ends, self._moment = {}, None

    def change(self, *, fit: bool = False, **values: Any) -> None:
        """Set fields of the scenario; those that do not fit the others any more follow.

        Args:
            fit: whether the axes are fitted anew; else they stay.
            **values: the fields.
        """
        self._take_up_edits()
        self._set(*self.scenario.changed(**values))
        if fit:
            self.fit()

    def enter(self, stop: int) -> None:
        """Go to a stop of the tour, counted from 1: to the state that it starts from."""
        self._take_up_edits()
        self.show(self.scenario.updated(stop_query(self.lesson.tour, stop))[0])
        self.entered += 1

    def go_to(self, moment: str) -> None:
        """Show a state that the lesson has a name for; a presentation goes on."""
        self._take_up_edits()
        shown, _ = type(self.scenario).from_query(self.lesson.moments[moment])
        self.show(shown.having(present=self.scenario.present, hide=self.scenario.hide))

    def edit(self, query: Mapping[str, str]) -> None:
        """Set fields by their text, as a link would; what is refused stays as it is."""
        self._take_up_edits()
        self._set(*self.scenario.updated(query))

    def undo(self) -> None:
        """Take the last edit back; how the page is looked at stays as it is."""
        self._turn(self.history.back(self.scenario))

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        self._turn(self.history.forth(self.scenario))

    def _turn(self, scenario: BaseScenario) -> None:
        if scenario is not self.scenario:
            self.scenario, self.messages, self.link_messages = scenario, [], []
            self.fit()

    def _set(self, scenario: BaseScenario, messages: list[str]) -> None:
        self.history.record(self.scenario, scenario)
        self.scenario, self.messages, self.link_messages = scenario, messages, []

    def reset(self) -> None:
        """Return to the link that was opened; presentation and hidden parts stay as they are."""
        self._take_up_edits()  # else one that is on its way would come after, and undo this
        now = self.scenario
        self.show(self.opened.having(present=now.present, hide=now.hide))

    def hand_over(self, page: str) -> None:
        """Take the presentation to another page, with the inputs that fit.

        Those that nobody has touched on this page are the ones that were brought to it: it may not
        have been able to take them.
        """
        other = self._kept(page)
        source = self.brought if self.inputs == self.inputs_before else (self.lesson, self.scenario)
        shown = carried(*source, other.lesson, other.scenario)
        shown = shown.having(present=self.scenario.present)
        if other.link is None:  # this is how it is opened
            other.scenario = other.opened = shown
            other.link = {}
        other.show(shown)
        other.brought, other.inputs_before = source, other.inputs

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The rows that are dragged."""
        return tuple(getattr(self.scenario, field) for field in self.lesson.inputs)

    def leave(self) -> None:
        """End the presentation, on this page and on those that it has been brought to."""
        for lesson in LESSONS:
            if f"{lesson.name}_state" in st.session_state:
                self._kept(lesson.name).change(present=False)

    def write_link(self) -> None:
        """Put the scenario in the address bar, or say that it is too long for a link."""
        link = self.scenario.to_link()
        fits = fits_link(link)
        written, self.link = self.link, link if fits else {}
        if self.link != written:
            self.link_before = written
        # The browser has written it itself, where the fast lane told it; but it may not have heard
        # of what was written last.
        if st.query_params.to_dict() != self.link:
            st.query_params.from_dict(self.link)
        if not fits:
            st.info("This state is longer than a link may be: the address bar does not hold it.")
        self._moment = None  # a session that waits for its user holds no numbers

    def _is_opened(self, address: Mapping[str, str]) -> bool:
        """Tell whether a user opens an address that is not the one written last.

        One that names no field is a way to the page, not to a state. The one before the last is
        opened by the back button, which says so; else the connection broke before the browser heard
        of the last one, and it tells of the only one that it knows.
        """
        if not any(name in address for name in self.scenario.codecs()):
            return False
        return went_back() or address != self.link_before

    def _take_up_edits(self) -> None:
        """Apply the newest edit of the page's live figures, once.

        The browser hands its elements' values to every new session. What was edited in another one
        is in the address already, or else the live figures say it again.
        """
        edits = [
            edit
            for key in self.live_keys
            if isinstance(value := st.session_state.get(key), Mapping)
            if isinstance(edit := value.get("edit"), Mapping) and isinstance(edit.get("n"), int)
            if edit.get("session", self.session) == self.session
        ]
        newest = max(edits, key=lambda edit: edit["n"], default=None)
        if newest is None or newest["n"] <= self.ack:
            return
        before, self.ack = self.ack, newest["n"]
        ends = newest.get("ends")
        for end in ends if isinstance(ends, Sequence) else ():
            match end:  # of the drags that it tells of, one after another
                case [int(n), query] if n > before:
                    self._apply(query, final=True)
        self._apply(newest.get("query"), bool(newest.get("final", True)))
        self.drawn = self.shown if newest.get("drawn") is True else {}
        asks = newest.get("asks")
        for ask in asks if isinstance(asks, Sequence) else ():
            match ask:  # from a browser: it may be anything
                case [int(n), "undo" | "redo" | "fit" as wish] if n > before:
                    getattr(self, wish)()

    def _apply(self, query: Any, final: bool) -> None:
        """Set what an edit says of fields; one in the hand is undone as a whole, with its end."""
        if not isinstance(query, Mapping) or not all(isinstance(t, str) for t in query.values()):
            return
        scenario, self.messages = self.scenario.updated(query)
        if not self.in_hand:
            self.history.record(self.scenario, scenario)
        self.scenario, self.in_hand = scenario, not final
        # In the hand, axes stay: one that moves under it shows nothing.
        if final:
            self.fit()
