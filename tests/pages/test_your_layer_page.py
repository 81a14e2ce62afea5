"""The Your layer page: without a file, with one, and while it fails."""

import pytest

from tests.student.files import MISTAKEN, SOFTMAX, with_backward
from visualizer.student import opened

MARKUP = "<script>alert(1)</script> **bold** `x` [a](b) $y$"


@pytest.fixture
def file(tmp_path):
    """A file that is open, as the command line would open it."""
    path = tmp_path / "my_layers.py"

    def save(text):
        before = opened.source().version
        path.write_text(text, "utf-8")
        if opened.source().called:
            while opened.source().version == before:
                pass
        else:
            opened.open_file(path)

    yield save
    opened.close()


def said(session):
    return "\n".join(item.value for item in session.at.markdown)


def codes(session):
    return [code.value for code in session.at.code]


def downloads(session):
    return [element.proto.label for element in session.at.get("download_button")]


def test_without_a_file_it_says_in_three_lines_how_to_use_it(visit):
    session = visit("your_layer")
    (words,) = [item.value for item in session.at.markdown if "This is an example" in item.value]
    assert all(f"**{number}** " in words for number in (1, 2, 3))
    assert "`streamlit run app.py -- my_layers.py`" in words
    assert downloads(session) == [
        f"Download {name}.py" for name in ("softmax_nnfs", "sigmoid_book", "affine_cs231n")
    ]
    assert len([text for text in codes(session) if "import numpy" in text]) == 3


def test_the_verdict_names_the_worst_element_and_the_known_mistake(visit):
    words = said(visit("your_layer"))
    assert "**`Softmax.backward` is wrong:** 6 of 9 entries of J" in words
    assert "∂y₀/∂x₁ = −0.160, claimed as 0.000." in words
    assert "**Known mistake: elementwise.** Takes the diagonal of J" in words


def test_the_layer_is_chosen_from_a_menu_and_is_in_the_link(visit):
    session = visit("your_layer").choose("name", "`affine`")
    assert session.link["name"] == "affine"
    assert "**Known mistake: without transpose.**" in said(session)
    assert said(visit("your_layer", **session.link)) == said(session)


def test_a_right_layer_is_said_to_be_right(visit, file):
    file(SOFTMAX)
    session = visit("your_layer")
    words = said(session)
    assert "**`Softmax.backward` is right.** All 9 entries of J, and dx, agree" in words
    assert "This is an example" not in words
    assert session.link == {"x": "2,1,0.1", "g": "1,-1,2", "name": "Softmax"}


def test_what_is_wrong_elsewhere_can_be_gone_to(visit, file):
    file(SOFTMAX.replace("(s * grad_next).sum(axis=1, keepdims=True)", "(s * grad_next).sum()"))
    session = visit("your_layer")
    assert "**`Softmax.backward` is right at these numbers, and wrong at others.**" in said(session)
    assert "**Known mistake: flattened batch.**" in said(session)
    session.press("where")
    assert "**`Softmax.backward` is wrong:**" in said(session)
    assert session.link["x"].count(";") > 0


def test_a_habit_is_said_beside_the_verdict(visit, file):
    file(with_backward("grad_next *= 1"))
    assert "in place" not in said(visit("your_layer"))
    file(with_backward("grad_next *= 2; grad_next /= 4"))
    assert "`backward` changes `grad_next` in place" in said(visit("your_layer"))


ERRORS = [
    ("def f(:\n", "SyntaxError"),
    (f"raise ValueError({MARKUP!r})\n", MARKUP),
    (with_backward(f"raise ValueError({MARKUP!r})"), MARKUP),
    (with_backward("1 / 0"), 'File "'),
]


@pytest.mark.parametrize(("text", "shown"), ERRORS)
def test_an_error_is_shown_as_text_and_the_figures_stay_faded(visit, file, text, shown):
    file(SOFTMAX)
    session = visit("your_layer")
    good = session.live["dx"]["content"]["data"]
    file(text)
    session.run()
    assert any(shown in code for code in codes(session))
    assert MARKUP not in said(session)
    assert "fails.** The figures are old: those of the version that was saved at" in said(session)
    assert session.live["dx"]["content"]["data"] == good
    assert session.live["dx"]["content"]["state"] == "past"
    assert session.live["x"]["content"].get("state") is None
    file(MISTAKEN)
    session.run()
    assert "**Known mistake: elementwise.**" in said(session)
    assert session.live["dx"]["content"].get("state") is None


def test_a_file_that_never_ran_has_figures_that_have_not_run_yet(visit, file):
    file("1 +")
    session = visit("your_layer")
    assert "fails.** There is nothing to show yet." in said(session)
    assert session.live["dx"]["content"]["state"] == "future"
    file(SOFTMAX)
    session.run()
    assert "is right.**" in said(session)


def test_an_error_at_some_numbers_keeps_what_was_shown_and_goes_with_them(visit, file):
    file(with_backward("assert self.output.max() < 0.9"))
    session = visit("your_layer")
    good = session.live["claimed"]["content"]["data"]
    session.drag("x", 1, x="9,0,0")
    assert "The figures are those of the last numbers at which it ran." in said(session)
    assert session.live["claimed"]["content"]["data"] == good
    assert session.live["x"]["content"]["handles"]["values"] == [9, 0, 0]
    session.drag("x", 2, x="1,0,0")
    assert "is right.**" in said(session)


def test_a_layer_that_is_renamed_is_missed_and_another_is_shown(visit, file):
    file(SOFTMAX)
    session = visit("your_layer")
    file(SOFTMAX.replace("class Softmax", "class Renamed"))
    session.run()
    assert session.warnings == [
        "Layer: there is no `Softmax` in the file any more. `Renamed` is shown."
    ]
    assert session.link["name"] == "Renamed"


def test_the_file_tab_says_what_is_left_out_and_what_was_printed(visit, file):
    file(f"{SOFTMAX}\nclass Loss:\n    def forward(self, y): return y\nprint({MARKUP!r})\n")
    session = visit("your_layer")
    assert "`Loss`: `it has no backward`" in said(session)
    assert f"{MARKUP}\n" in [f"{code}\n" for code in codes(session)]
    assert MARKUP not in said(session)
    assert "follows the convention of nnfs" in said(session)


def test_the_test_tab_has_the_state_as_a_test(visit):
    session = visit("your_layer").tab("As a test")
    (text,) = codes(session)
    assert "def test_backward_of_softmax_is_the_slope_of_its_forward" in text
    assert downloads(session) == ["Download test_softmax.py"]


def test_parameters_are_judged_in_their_tab(visit):
    session = visit("your_layer", name="affine").tab("Parameters")
    assert "**∂L/∂`w`** All agree." in said(session)
    assert len(session.at.dataframe) == 6
    assert "None was found" in visit("your_layer").tab("Parameters").at.caption[0].value


def test_a_second_sample_is_added_in_the_batch_tab(visit):
    session = visit("your_layer").tab("Batch").press("add")
    assert session.link["x"] == "2,1,0.1;2,1,0.1"
    assert session.link["g"] == "1,-1,2;1,-1,2"
    assert session.link["n"] == "1"


def test_the_code_tab_shows_the_layer_as_it_stands(visit, file):
    file(SOFTMAX)
    (text,) = codes(visit("your_layer").tab("Code"))
    assert text == SOFTMAX[SOFTMAX.index("class Softmax") : SOFTMAX.index("\n\n\nclass Twice")]


@pytest.mark.parametrize("tab", ["As a test", "Parameters", "Batch", "Numbers", "Code"])
def test_every_tab_stands_while_the_file_is_broken(visit, file, tab):
    file("1 +")
    visit("your_layer").tab(tab).run()


def test_in_a_presentation_the_verdict_stays_and_the_rest_goes(visit):
    words = said(visit("your_layer", present="1"))
    assert "is wrong:**" in words
    assert "This is an example" not in words


def test_two_sessions_see_the_same_file_and_their_own_numbers(visit, file):
    file(SOFTMAX)
    one, other = visit("your_layer"), visit("your_layer", x="1,1", name="Twice")
    file(MISTAKEN)
    one.run()
    other.run()
    assert "Known mistake: elementwise" in said(one)
    assert other.link["x"] == "1,1"
    assert other.link["name"] == "Twice"
