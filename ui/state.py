"""The state of a page: one scenario, whether it comes from a link, a control or a drag."""

import secrets
from collections.abc import Mapping
from typing import Generic, Self, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from views import VIEWS
from views.scenario import MAX_LINK, BaseScenario

S = TypeVar("S", bound=BaseScenario)

# Set by the frame at the start of a run of the whole app.
WHOLE_RUN = "whole_run"


class PageState(Generic[S]):
    """What one user sees on one page, kept for the session.

    Attributes:
        page: name of the page, as in its address.
        scenario: what is shown.
        messages: what was refused of the last edit, for the user to read.
        link_messages: what was refused of the link. They stay while something is dragged: when they
            go, all that is below moves up.
        ack: number of the newest edit taken up from the live figures.
        session: names this session to the browser, which notices when it is a new one.
        live_keys: of the elements whose edits it takes up.
    """

    def __init__(self, page: str) -> None:
        """Begin with the defaults of the page's scenario."""
        self.page = page
        self.scenario: S = VIEWS[page].Scenario().fitted(frozenset())[0]
        self.messages: list[str] = []
        self.link_messages: list[str] = []
        self.ack = 0
        self.session = secrets.token_hex(4)
        self.live_keys: set[str] = set()
        self.link: dict[str, str] | None = None  # in the address bar
        self.link_before: dict[str, str] | None = None

    @classmethod
    def of(cls, page: str) -> Self:
        """Return the page's state of this session, brought up to date; call it first in a run.

        A link counts when it is opened, or when the address changes by another hand (back and
        forward), which runs the whole app; what a fragment's run is told of the address may be
        older than what the run before it has written there. Edits of the live figures count when
        they are newer than the last one.
        """
        key = f"{page}_state"
        if key not in st.session_state:
            st.session_state[key] = cls(page)
        state: Self = st.session_state[key]
        address = st.query_params.to_dict()
        moved = st.session_state.pop(WHOLE_RUN, False) and address != state.link
        if state.link is None or (moved and state._is_opened(address)):
            state.open(address)
        state._take_up_edits()
        return state

    def open(self, query: Mapping[str, str]) -> None:
        """Show what a link says."""
        too_long = []
        if sum(len(name) + len(text) for name, text in query.items()) > MAX_LINK:
            too_long = [
                f"Link: expected at most {MAX_LINK} characters, got more. "
                "The page shows its defaults."
            ]
            query = {}
        self.scenario, refused = type(self.scenario).from_query(query)
        self.messages, self.link_messages = [], too_long + refused
        self.link = dict(query)

    def change(self, **query: str) -> None:
        """Set fields by their text, as a link would; what is refused leaves the scenario as it is.

        The axes stay, unless `axes=""` asks to fit them anew.
        """
        self._take_up_edits()
        self.scenario, self.messages = self.scenario.updated(query)
        self.link_messages = []

    def reset(self) -> None:
        """Show the defaults, always the same."""
        self._take_up_edits()  # else one that is on its way would come after, and undo this
        self.scenario = type(self.scenario)().fitted(frozenset())[0]
        self.messages = self.link_messages = []

    def write_link(self) -> None:
        """Put the scenario in the address bar, or say that it is too long for a link."""
        link = self.scenario.to_link()
        fits = sum(len(name) + len(text) + 2 for name, text in link.items()) <= MAX_LINK
        written, self.link = self.link, link if fits else {}
        if self.link != written:
            self.link_before = written
        # What was written last may not have reached the browser, which then tells of one before.
        if self.link != written or st.query_params.to_dict() != self.link:
            st.query_params.from_dict(self.link)
        if not fits:
            st.info("This state is longer than a link may be: the address bar does not hold it.")

    def _is_opened(self, address: Mapping[str, str]) -> bool:
        """Tell whether a user opens an address that is not the one written last.

        One that names no field is a way to the page, not to a state. The one before the last is
        opened by the back button, which says so; else the connection broke before the browser heard
        of the last one, and it tells of the only one that it knows.
        """
        if not any(name in address for name in self.scenario.to_query()):
            return False
        context = get_script_run_ctx()
        went_back = context is not None and context.is_history_navigation
        return went_back or address != self.link_before

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
        self.ack = newest["n"]
        query = newest.get("query")
        if isinstance(query, Mapping) and all(isinstance(text, str) for text in query.values()):
            self.scenario, self.messages = self.scenario.updated(query)
