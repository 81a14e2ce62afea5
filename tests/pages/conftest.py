"""Pages without a browser: AppTest on the whole app, figures read from the component's data."""

import json
import re
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import streamlit
from streamlit.testing.v1 import AppTest, local_script_runner

# AppTest has no back button: this is what the browser says of it.
WENT_BACK = partial(local_script_runner.RerunData, is_history_navigation=True)
MAIN = Path(__file__).parents[2] / "visualizer" / "ui" / "main.py"


def file_of(page):
    """The file of a page, as the main script names it."""
    return f"../../pages/{page}.py"


class Session:
    """One user on one page."""

    def __init__(self, page, query):
        # The slowest page of a cold run takes a second; the rest is for a busy machine.
        self.at = AppTest.from_file(MAIN, default_timeout=30)
        if page not in ("", "home"):  # where the app opens
            self.at.run().switch_page(file_of(page))
        self.page = page
        self.open(**query)

    def open(self, **query):
        """Open the page's address, as a link or the back button does."""
        with patch.object(local_script_runner, "RerunData", WENT_BACK):
            return self.tell(**query)

    def tell(self, **query):
        """Run the app as for a browser that has this in its address bar."""
        self.at.query_params.clear()
        for name, text in query.items():
            self.at.query_params[name] = text
        return self.run()

    def go_to(self, page):
        """Open another page by the navigation, where the browser leaves the query behind."""
        self.at.query_params.clear()
        self.at.switch_page(file_of(page))
        return self.run()

    def run(self):
        self.at.run()
        assert [error.value for error in self.at.exception] == []
        return self

    def drag(self, name, n, final=True, **query):
        """Play the end of a drag on a live figure, or a move in the middle of it."""
        edit = {"n": n, "query": query, "final": final}
        self.at.session_state[f"{self.page}_{name}"] = {"edit": edit}
        return self.run()

    def menu(self, name):
        return self.at.menu_button(key=f"{self.page}_{name}_menu")

    def choose(self, name, option):
        """Choose an option of a menu, by its text or by its place."""
        menu = self.menu(name)
        (menu.click_index if isinstance(option, int) else menu.click)(option)
        return self.run()

    def press(self, name):
        self.at.button(key=f"{self.page}_{name}").click()
        return self.run()

    @property
    def tabs(self):
        """The tabs below the figures, as the browser is told of them; None where there are none."""
        blocks = [getattr(node, "proto", None) for node in self.at.main]
        found = [b.tab_container for b in blocks if b and hasattr(b, "tab_container")]
        ours = re.compile(rf"{self.page}_tabs_\d+$")
        return next((tabs for tabs in found if ours.search(tabs.id)), None)

    @property
    def open_tab(self):
        """The label of the tab that is open."""
        labels = [tab.label for tab in self.at.tabs]
        return labels[self.tabs.default_tab_index]

    def tab(self, label):
        """Open a tab by hand. AppTest cannot click one: this is what the browser sends."""
        states = self.at._tree.get_widget_states()
        states.widgets.add(id=self.tabs.id, string_value=label)
        self.at._run(states)
        assert [error.value for error in self.at.exception] == []
        return self

    def share(self):
        """Open the dialog; AppTest closes it with every run, so each run has to ask for it."""
        return self.press("share")

    @property
    def shared(self):
        """The links that the dialog gives."""
        return [code.value for code in self.at.code if code.value.startswith("http")]

    @property
    def live(self):
        """What the live elements were told, by name."""
        told = (json.loads(element.proto.json) for element in self.at.get("bidi_component"))
        return {data["name"]: data for data in told if "name" in data}

    def values(self, name):
        """The heights of the bars of a figure."""
        return self.live[name]["content"]["data"][0]["y"]

    @property
    def link(self):
        return dict(self.at.query_params)

    @property
    def warnings(self):
        """One a line, each as it stands."""
        return [line.strip() for warning in self.at.warning for line in warning.value.split("\n")]


@pytest.fixture
def address(monkeypatch):
    """Where the app is, as a browser would have told."""
    there = property(lambda context: "http://room.example:8501/here?old=1")
    monkeypatch.setattr(type(streamlit.context), "url", there)


@pytest.fixture
def visit():
    """Open a page at an address: `visit("softmax", z="1,2")`."""
    return lambda page="", **query: Session(page, query)
