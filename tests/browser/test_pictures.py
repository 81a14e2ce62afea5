"""Pictures to take away: sharp, in their own font, as chosen, and the whole page for a slide."""

import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from visualizer.lessons import LESSONS

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
EXPORTED = [lesson for lesson in LESSONS if lesson.address]
each = pytest.mark.parametrize("lesson", EXPORTED, ids=lambda lesson: lesson.name)


def save(screen, key, kind, **how):
    """Save a figure by its own button."""
    figure = screen.page.locator(f".st-key-{key} .live-figure")
    figure.hover()
    with screen.page.expect_download() as download:
        figure.get_by_role("button", name=kind).click(**how)
    return download.value.path().read_bytes()


def figures_tab(screen):
    screen.page.get_by_role("button", name="Share", exact=True).click()
    screen.page.get_by_role("tab", name="Figures").click()
    screen.wait("() => document.querySelector('.live-preview')?.naturalWidth > 0").rest()


def whole(screen, kind):
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name=f"Whole page as {kind}").click()
    return download.value.path().read_bytes()


def picture(png):
    return Image.open(io.BytesIO(png)).convert("RGBA")


def texts(svg):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_png_has_four_pixels_for_one_along_each_side(opened):
    screen = opened("/softmax")
    box = screen.page.locator(".st-key-softmax_dx .live-figure").bounding_box()
    width, height = picture(save(screen, "softmax_dx", "PNG")).size
    assert abs(width - 4 * box["width"]) <= 4
    assert abs(height - 4 * box["height"]) <= 4


def test_an_svg_has_its_font_in_it_and_its_titles_are_whole(opened, context_of):
    """Opened alone, without a network: what another program sees."""
    screen = opened("/softmax")
    svg = save(screen, "softmax_g", "SVG").decode()
    assert re.search(r'font-family: "?Source Sans"?;[^}]*url\("data:', svg)
    assert not re.findall(r'url\("?(?!data:)[^#")]', svg)
    page = context_of(offline=True).new_page()
    page.set_content(svg)
    page.wait_for_function("[...document.fonts].some((font) => font.status === 'loaded')")
    right = "() => document.querySelector('.gtitle').getBoundingClientRect().right"
    assert page.evaluate(right) <= page.evaluate("document.querySelector('svg').clientWidth + 9")
    page.close()


def test_what_the_pointer_has_lit_on_its_way_is_not_in_the_picture(opened):
    screen = opened("/softmax?j=0")
    figure = screen.page.locator(".st-key-softmax_jacobian .live-figure")
    screen.page.mouse.move(5, 5)
    plain = save(screen, "softmax_jacobian", "SVG")
    box = figure.bounding_box()
    screen.page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    screen.page.locator(".live-tag").wait_for()
    lit = save(screen, "softmax_jacobian", "SVG")
    # Plotly numbers its clips anew in each picture.
    plain, lit = (
        re.sub(rb"[0-9a-f]{6}(?=xy|x\b|y\b|\")|clip[0-9a-f]+", b"", p) for p in (plain, lit)
    )
    assert b"live-" not in lit
    assert len(plain) == len(lit)
    assert texts(plain) == texts(lit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_has_the_theme_that_is_chosen_and_no_background_on_request(opened, scheme):
    screen = opened("/softmax", color_scheme=scheme)
    corner = picture(save(screen, "softmax_s", "PNG")).getpixel((3, 3))
    assert corner[3] == 255
    assert (min(corner[:3]) > 200) if scheme == "light" else (max(corner[:3]) < 60)
    assert picture(save(screen, "softmax_s", "PNG", modifiers=["Shift"])).getpixel((3, 3))[3] == 0


def test_the_numbers_of_points_are_in_the_picture_though_handles_print_them(opened):
    screen = opened("/sigmoid?x=-2,0.5,3")
    assert {"−2.00", "0.50", "3.00"} <= set(texts(save(screen, "sigmoid_curve", "SVG")))


def test_numbers_that_are_hidden_are_in_no_picture(opened):
    screen = opened("/softmax?step=5")
    numbers = re.compile(r"[−\d.]{4,}")
    assert [t for t in texts(save(screen, "softmax_s", "SVG")) if numbers.fullmatch(t)]
    screen.page.keyboard.press("Shift+H")
    for name in ("s", "jacobian", "dx", "z"):
        found = texts(save(screen, f"softmax_{name}", "SVG"))
        assert [t for t in found if re.fullmatch(r"−?\d\.\d\d+", t)] == []


@each
def test_the_whole_page_is_one_picture_at_16_to_9(opened, lesson):
    screen = opened(f"/{lesson.name}?" + "&".join(f"{k}={v}" for k, v in lesson.shown_at.items()))
    figures_tab(screen)
    png = picture(whole(screen, "PNG"))
    assert png.size == (5120, 2880)
    svg = whole(screen, "SVG")
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 1280 720"
    scenario = lesson.Scenario.from_query(lesson.shown_at)[0]
    cells = [cell for row in lesson.rows for cell in row]
    placed = [name for cell in cells for name in ((cell,) if isinstance(cell, str) else cell)]
    kinds = {figure.name: figure.KIND for figure in lesson.figures_of(scenario)}
    inner = [node for node in root if node.tag == f"{SVG}svg"]
    assert len(inner) == sum(kinds[name] == "figure" for name in placed)
    for node in inner:  # inside, and none over another
        x, y, width, height = (float(node.get(part)) for part in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + width <= 1280 and y + height <= 720
    corners = sorted((float(node.get("x")), float(node.get("y"))) for node in inner)
    assert len(set(corners)) == len(corners)
    found = texts(svg)
    assert lesson.title in found
    assert screen.errors == []


def test_the_picture_of_the_page_has_its_formula_its_step_and_no_background_on_request(opened):
    screen = opened("/sigmoid?step=5")
    figures_tab(screen)
    found = texts(whole(screen, "SVG"))
    assert "Sigmoid · 5 of 6 · Result" in found
    assert {"σ′", "0.105"} <= set(found)
    assert picture(whole(screen, "PNG")).getpixel((3, 3))[3] == 255
    before = screen.page.locator(".live-preview").get_attribute("src")
    screen.page.locator(".st-key-sigmoid_transparent").get_by_text("On no background").click()
    screen.wait("(before) => document.querySelector('.live-preview').src !== before", before).rest()
    assert picture(whole(screen, "PNG")).getpixel((3, 3))[3] == 0


def test_a_step_that_has_not_come_is_empty_in_the_picture_too(opened):
    screen = opened("/softmax?step=2")
    figures_tab(screen)
    found = texts(whole(screen, "SVG"))
    assert found.count("not run yet") >= 3
    assert any("not run yet" in text and text.startswith("Each dz") for text in found)
