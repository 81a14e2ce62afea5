"""Share: links, files and imports, and a state that survives a visit to another page."""

import base64
import io
import json
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import streamlit
from PIL import Image

from nnfs import Softmax
from tests.lessons.showing import rows_of
from visualizer.exchange.programs import numpy_program
from visualizer.lessons import BY_NAME, LESSONS, lesson_of
from visualizer.ui import network

pytestmark = pytest.mark.usefixtures("address")

STATES = {
    "softmax": {"z": "1,-2,0.5;0,0,1", "g": "0,1,0;1,0,-1", "T": "2", "n": "1", "j": "2"}
    | {"step": "0", "wrong": "elementwise", "tab": "batch"},
    "sigmoid": {
        "x": "-1,2.5",
        "g": "1,0.25",
        "eps": "0.1",
        "j": "1",
        "wrong": "without_derivative",
        "tab": "numbers",
    },
    "side_by_side": {"z": "1,-2", "g": "0,1", "j": "1", "tab": "numbers"},
}


@pytest.fixture(params=STATES)
def session(request, visit):
    return visit(request.param, **STATES[request.param])


def again(session):
    session.at.button(key=f"{session.page}_share").click()
    return session.run()


def paste(session, text, field=None):
    session.share()
    session.at.text_area(key=f"{session.page}_import_text").set_value(text)
    if field:
        session.at.button_group(key=f"{session.page}_import_field").set_value(field)
    session.at.button(key=f"{session.page}_import").click()
    return again(session)


def query_of(link):
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def exported(session, kind):
    session.share()
    session.at.button_group(key=f"{session.page}_export_format").set_value(kind)
    again(session)
    texts = [code.value for code in session.at.code if not code.value.startswith("http")]
    return texts[-1]  # a page may show code, too; the dialog comes after it


def contents(session):
    return {name: data["content"] for name, data in session.live.items()}


def test_the_link_is_that_of_the_state_and_opens_it_in_a_fresh_session(session, visit):
    link = session.share().shared[0]
    assert link.startswith("http://room.example:8501/here?")
    assert query_of(link) == session.link
    assert "%" not in link  # it is read aloud in lecture halls
    fresh = visit(session.page, **query_of(link))
    assert contents(fresh) == contents(session)
    assert (fresh.link, fresh.open_tab) == (session.link, session.open_tab)


def test_the_link_for_slides_is_embedded_and_hides_what_the_lecturer_chooses(session, visit):
    session.share()
    assert query_of(session.shared[-1]) == session.link | {"embed": "true"}
    session.at.button_group(key=f"{session.page}_embed_hide").set_value(["controls", "below"])
    again(session)
    embedded = query_of(session.shared[-1])
    assert embedded == session.link | {"embed": "true", "hide": "controls,below"}
    assert "hide" not in session.link  # this window keeps its controls
    slide = visit(session.page, **embedded)
    assert slide.warnings == []
    assert len(slide.at.menu_button) == len(slide.at.tabs) == 0


def test_the_room_gets_a_code_unless_the_link_is_too_long_for_one(visit):
    session = visit("softmax")
    session.share()
    assert "too long" not in "".join(caption.value for caption in session.at.caption)
    session.open(z=",".join(["1.23456789"] * 400), g=",".join(["0"] * 400))
    session.share()
    assert "This link is too long for a QR code." in [c.value for c in session.at.caption]


def code_of(session):
    """The image of the QR code, as it is sent."""
    (image,) = session.at.get("image")
    return base64.b64decode(image.proto.imgs[0].url.removeprefix("data:image/png;base64,"))


def test_the_code_reads_as_the_link_that_is_shown_for_the_room(session, codes_in):
    assert codes_in(code_of(session.share())) == [session.shared[1]]


def test_a_link_for_the_room_leaves_out_what_is_for_the_lecture(session, visit):
    link = session.link | {"present": "1", "hide": "controls,below"}
    session.open(**link)
    assert session.link == link
    room = query_of(session.share().shared[1])
    assert not room.keys() & {"present", "hide", "tab"}
    fresh = visit(session.page, **room)
    kept = {name: text for name, text in link.items() if name not in ("present", "hide", "tab")}
    assert fresh.link == kept
    assert len(fresh.at.tabs) > 0


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_link_for_the_room_says_nothing_that_is_as_usual(visit, lesson):
    session = visit(lesson.name)
    is_question = session.share().at.session_state[f"{lesson.name}_state"].scenario.exported is None
    assert query_of(session.shared[0 if is_question else 1]) == {}
    assert visit(lesson.name).link == session.link


def told_of_code(session):
    """What the browser is told of the code that fills the screen."""
    told = (json.loads(element.proto.json) for element in session.at.get("bidi_component"))
    return next(data["content"] for data in told if data["kind"] == "code")


def test_the_dialog_says_how_large_the_code_has_to_be_for_the_last_row(session, codes_in):
    told = told_of_code(session.share())
    count = told["modules"] - 8  # without the light around it
    picture = Image.open(io.BytesIO(base64.b64decode(told["image"].partition(",")[2])))
    assert picture.size == (told["modules"],) * 2
    # A tenth of twenty metres for 25 modules, and in proportion.
    width, height = 2.0 * count / 25, 2.0 * (count + 8) / 25
    said = f"{count} × {count} modules: to be read from 20 m the code has to be {width:.1f} m wide"
    assert told["words"].startswith(said)
    assert f"{height:.1f} m high" in told["words"]
    assert told["words"] in "".join(caption.value for caption in session.at.caption)


def test_a_shorter_link_has_a_code_that_is_read_from_further_away(visit):
    usual, longer = visit("softmax"), visit("softmax", z="0.123,4.567,8.9", g="0.1,0.2,0.3", T="2")
    counts = [told_of_code(session.share())["modules"] for session in (usual, longer)]
    assert counts[0] < counts[1]


@pytest.fixture
def at(monkeypatch):
    """Open the app at an address, on a machine that has another one on its network, or none."""

    def at(url, machine, listens=None):
        monkeypatch.setattr(type(streamlit.context), "url", property(lambda context: url))
        monkeypatch.setattr(network, "machine_address", lambda: machine)
        usual = streamlit.get_option
        told = {"server.address": listens, "server.port": 8501}
        monkeypatch.setattr(streamlit, "get_option", lambda name: told.get(name) or usual(name))

    return at


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_at_an_address_of_this_computer_the_room_gets_that_of_the_network(
    session, at, codes_in, host
):
    at(f"http://{host}:8501/here?old=1", "192.168.1.7")
    here, there = session.share().shared[:2]
    assert here.startswith(f"http://{host}:8501/here?")
    assert there.startswith("http://192.168.1.7:8501/here?")
    assert query_of(there).items() <= session.link.items()
    assert codes_in(code_of(session)) == [there]
    assert f"`{host.strip('[]')}` is this computer alone" in session.warnings[0]


@pytest.mark.parametrize(
    ("machine", "listens", "says"),
    [
        (None, None, "on no network"),
        ("192.168.1.7", "localhost", "`--server.address=0.0.0.0`"),
        ("2001:db8:1::7", "127.0.0.1", "`--server.address=::`"),
    ],
)
def test_where_the_room_cannot_come_no_code_leads_it_astray(session, at, machine, listens, says):
    at("http://localhost:8501/here", machine, listens)
    assert says in session.share().warnings[0]
    assert len(session.at.get("image")) == 0
    assert [link for link in session.shared if "localhost" not in link] == []


def test_at_an_address_that_the_room_can_open_nothing_is_said(session, at):
    at("http://room.example:8501/here", None)
    assert session.share().warnings == []
    assert len(session.at.get("image")) == 1


def test_the_reader_of_codes_tells_one_state_from_the_next(session, codes_in):
    before = code_of(session.share())
    session.open(g=",".join(["0.5"] * len(session.link["g"].split(";")[0].split(","))))
    assert codes_in(before) != [session.share().shared[1]]
    assert codes_in(code_of(session)) == [session.shared[1]]


def test_the_program_that_is_offered_is_that_of_the_state(session):
    lesson = BY_NAME[session.page]
    scenario = lesson.Scenario.from_query(session.link)[0]
    program = numpy_program(lesson.export, *lesson.record(scenario))
    expected = program.strip()  # as `st.code` shows it
    assert exported(session, "Python") == expected


@pytest.mark.parametrize(
    "page",
    [lesson.name for lesson in LESSONS if lesson.export and lesson.Scenario.usual().exported],
)
def test_every_format_is_offered(visit, page):
    session, export = visit(page), BY_NAME[page].export
    (*_, last) = export.results
    for kind, holds in (
        *([("Test", "\ndef test_")] if export.test else []),
        *([("PyTorch", "import torch")] if export.torch else []),
        ("LaTeX", r"\begin{pmatrix}"),
        ("CSV", f"\n{last},0,"),
        ("JSON", '"format": "gradient-visualizer"'),
    ):
        assert holds in exported(session, kind)


@pytest.mark.parametrize(
    ("lesson", "query"),
    [
        pytest.param(lesson, query, id=f"{lesson.name}-{query}")
        for lesson in LESSONS
        for query in ({}, lesson.shown_at)
    ],
)
def test_on_every_page_the_dialog_gives_the_link_and_what_the_page_has_to_give(
    visit, lesson, query
):
    session = visit(lesson.name, **query)
    before = contents(session)
    link = query_of(session.share().shared[0])
    scenario = lesson.Scenario.from_query(query)[0]
    is_question = scenario.exported is None or scenario.to_exact_link() != scenario.to_link()
    assert link == (scenario.to_room_link() if is_question else session.link)
    keys = {widget.key for widget in (*session.at.button_group, *session.at.text_area)}
    has_numbers = scenario.exported is not None and lesson_of(scenario.exported).export is not None
    assert (f"{lesson.name}_export_format" in keys) is has_numbers
    # What is exported for another page is no state of this one; and a page may take no data.
    takes = scenario.exported is scenario and bool(rows_of(lesson))
    assert (f"{lesson.name}_import_text" in keys) is takes
    assert contents(session.run()) == before


def test_a_page_without_numbers_of_its_own_offers_the_rest(visit, monkeypatch):
    monkeypatch.setitem(vars(BY_NAME["softmax"]), "export", None)
    session = visit("softmax").share()
    assert session.shared
    keys = {widget.key for widget in (*session.at.button_group, *session.at.text_area)}
    assert "softmax_import_text" in keys
    assert "softmax_export_format" not in keys


def test_what_json_exports_imports_as_the_same_state(session, visit):
    text = exported(session, "JSON")
    assert json.loads(text)["page"] == session.page
    fresh = paste(visit(session.page), text)
    assert fresh.link == session.link
    assert contents(fresh) == contents(session) | {
        name: content for name, content in contents(fresh).items() if name == "saver"
    }


def test_a_plain_matrix_goes_into_the_inputs_or_into_g(visit):
    session = paste(visit("softmax"), "3 2 1")
    assert session.link == {"z": "3,2,1", "g": "1,-1,2", "T": "1"}
    paste(session, "[[0, 0.5, 1]]", field="g")
    assert session.link == {"z": "3,2,1", "g": "0,0.5,1", "T": "1"}
    layer = Softmax()
    layer.forward(np.array([[3.0, 2, 1]]))
    expected = layer.backward(np.array([[0, 0.5, 1]]))[0]
    np.testing.assert_allclose(session.values("dx"), expected, rtol=0, atol=1e-14)


def test_a_matrix_of_another_size_brings_a_gradient_that_fits(visit):
    session = paste(visit("softmax"), "1,2,3,4\n5,6,7,8")
    assert session.link["z"] == "1,2,3,4;5,6,7,8"
    assert len(session.values("dx")) == 4


def test_an_import_that_may_mean_something_else_says_how_it_was_read(visit):
    session = paste(visit("softmax"), "0,5\n1,25")
    assert session.link["z"] == "0,5;1,25"
    (warning,) = session.warnings
    assert "was read as two numbers, 0 and 5" in warning
    assert paste(session, "0.5,1\n1.25,0").warnings == []


def test_an_import_says_how_its_numbers_were_separated(visit):
    session = paste(visit("softmax"), "1;2;3\n4;5;6")
    (toast,) = session.at.toast
    assert toast.value == "Read as 2 rows of 3 columns, separated by semicolons."


def test_a_bad_import_says_where_and_leaves_every_value(session):
    link, before = session.link, contents(session)
    for text, says in (
        ("1,2\n3,x", "line 2, column 2: expected a number"),
        ("1,2,3\n\n4,5", "line 3: expected 3 numbers"),
        ("[[1, null]]", "row 1, column 2: expected a number"),
        ("", "got nothing"),
        ("{", "expected JSON"),
    ):
        paste(session, text)
        (error,) = [error.value for error in session.at.error]
        assert says in error
        assert error.endswith("Nothing was changed.")
        assert (session.link, contents(session)) == (link, before)


def test_a_bad_value_in_an_export_is_named_and_nothing_of_it_is_taken(visit):
    session = visit("softmax", z="1,2,3")
    scenario = {"z": "7,8,x", "g": "0,0,1"}
    paste(session, json.dumps({"format": "gradient-visualizer", "scenario": scenario}))
    assert (session.link["z"], session.link["g"]) == ("1,2,3", "1,-1,2")
    (error,) = [error.value for error in session.at.error]
    assert "z: expected a number" in error


def test_a_state_from_a_link_survives_a_visit_to_another_page(session):
    link, before = session.link, contents(session)
    other = "sigmoid" if session.page != "sigmoid" else "softmax"
    for page in (other, "home", session.page):
        session.go_to(page)
    assert contents(session) == before
    assert session.link == link


def test_a_visit_to_another_page_begins_there_with_its_own_state(session, visit):
    other = "sigmoid" if session.page != "sigmoid" else "softmax"
    fresh = visit(other).link
    assert session.go_to(other).link == fresh


def test_home_reads_the_class_that_is_pushed_from_a_gradient_and_refuses_another(visit):
    """Its gradient follows the class: what it cannot show is not passed over in silence."""
    session = visit("home", z="3,2,1", j="2")
    text = exported(session, "CSV")
    fresh = visit("home")
    paste(fresh, text)
    assert fresh.link == {"z": "3,2,1", "j": "2"}
    paste(fresh, text.replace("g,0,0.0,0.0,1.0", "g,0,0.0,5.0,1.0"))
    (error,) = [error.value for error in fresh.at.error]
    assert "g: expected `0,0,1`, which follows from the rest, got `0,5,1`" in error
    assert fresh.link == {"z": "3,2,1", "j": "2"}
