"""The Practice page in a real Chromium: keys, lock, reveal, drag, next."""

import pytest

from visualizer.quiz.questions import question

pytestmark = pytest.mark.browser

LINK = "/practice?seed=7&level=2&kind=largest&n=3&layer=softmax"
ASKED = question(7, 2, 3, "largest", "softmax")
DRAWN = """(name) =>
  document.querySelector(`.st-key-practice_${name} .js-plotly-plot`)?.data?.length ?? NaN"""
SHOWN = f"() => ({DRAWN})('dx') > 0 && ({DRAWN})('terms') > 0 && ({DRAWN})('jacobian') > 0"
KEPT_BACK = f"() => ({DRAWN})('dx') + ({DRAWN})('terms') + ({DRAWN})('jacobian') === 0"
RESULT = "() => Array.from(document.querySelector('.st-key-practice_dx .js-plotly-plot').data[0].y)"
LOCK = ".st-key-practice_lock button"
NEXT = ".st-key-practice_next button"


def locked(screen, key):
    """Predict by a number key, and lock in by Enter."""
    screen.page.keyboard.press(key)
    screen.page.locator(f"{LOCK}:not([disabled])").wait_for()
    screen.rest().page.keyboard.press("Enter")
    return screen.wait(SHOWN).rest()


def test_a_question_is_answered_and_left_by_keys_alone(opened):
    screen = opened(LINK)
    screen.wait(KEPT_BACK)
    assert screen.page.locator(LOCK).is_disabled()
    locked(screen, str(ASKED.right + 1))
    assert screen.page.get_by_text("1 of 1 right").is_visible()
    screen.page.keyboard.press("ArrowRight")
    screen.link_says("n=4").wait(KEPT_BACK).rest()
    assert screen.page.locator(LOCK).is_disabled()


def test_a_question_is_answered_by_mouse_and_the_back_button_shows_it_answered(opened):
    screen = opened(LINK)
    wrong = (ASKED.right + 1) % len(ASKED.options)
    screen.page.locator(f".st-key-practice_answer_{wrong} button").click()
    screen.page.locator(f"{LOCK}:not([disabled])").click()
    screen.wait(SHOWN).rest().page.locator(NEXT).click()
    screen.link_says("n=4").wait(KEPT_BACK).rest().page.go_back()
    screen.link_says("n=3").wait(SHOWN).rest()
    assert screen.page.locator(LOCK).count() == 0
    assert screen.page.get_by_text("0 of 1 right").is_visible()


def test_figures_cannot_be_dragged_before_the_lock_and_can_after(opened):
    screen = opened(LINK)
    assert screen.page.get_by_role("slider").count() == 0
    locked(screen, "1")
    before = screen.page.evaluate(RESULT)
    screen.grab("g 0", up=15)
    screen.wait(f"(before) => String(({RESULT})()) !== before", ",".join(map(repr, before)))
    screen.page.mouse.up()
    screen.page.locator(".st-key-practice_undo button").click()
    screen.wait(f"(before) => ({RESULT})().every((v, i) => v === before[i])", before)


@pytest.mark.parametrize("kind", ["sign", "zero", "shift", "result", "order"])
def test_question_given_figures_and_answers_are_on_the_first_screen(opened, kind):
    screen = opened(f"/practice?seed=7&level=3&kind={kind}&n=1")
    for name in ("answer_0", "lock", "x", "g"):
        box = screen.page.locator(f".st-key-practice_{name}").bounding_box()
        assert box["y"] + box["height"] <= 720


def test_on_a_phone_nothing_is_wider_than_the_screen(opened):
    screen = opened(LINK, viewport={"width": 390, "height": 844})
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    locked(screen, "1")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sharing_a_question_gives_its_link_and_no_numbers(opened):
    screen = opened(LINK)
    screen.page.get_by_role("button", name="Share").first.click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_text("seed=7&level=2&kind=largest&n=3").first.wait_for()
    assert dialog.get_by_role("tab").count() == 0


STATES = """() => Object.fromEntries(["x", "g", "local", "jacobian", "terms", "dx"].map((name) =>
  [name, document.querySelector(`.st-key-practice_${name} .live-figure`).dataset.state]))"""


def test_the_reason_lights_its_figures_until_all_are_shown_or_one_is_dragged(opened):
    screen = opened(LINK)
    screen.page.keyboard.press("h")
    screen.page.get_by_text("weighted by s").wait_for()
    locked(screen.rest(), "1")
    lit = {name for name, state in screen.page.evaluate(STATES).items() if state == "lit"}
    assert lit == {"g", "local", "dx"}
    screen.page.get_by_role("button", name="Show all").first.click()
    all_lit = f"() => Object.values(({STATES})()).every((state) => state === 'lit')"
    screen.wait(all_lit).rest()
    screen.page.keyboard.press("ArrowRight")
    locked(screen.link_says("n=4").wait(KEPT_BACK).rest(), "1")
    screen.wait(f"() => !({all_lit})()")
    screen.grab("g 0", up=15)
    screen.page.mouse.up()
    screen.wait(all_lit)


def test_ten_questions_are_summed_up_and_a_mistake_opens_its_numbers(opened):
    screen = opened("/practice?seed=7&level=1&kind=sign&n=1&layer=softmax")
    for n in range(1, 11):
        place = question(7, 1, n, "sign", "softmax").right
        locked(screen, str((place + (n == 2)) % 3 + 1))
        screen.page.keyboard.press("ArrowRight")
        if n < 10:
            screen.link_says(f"n={n + 1}").wait(KEPT_BACK).rest()
    screen.page.get_by_text("Ten questions: 9 of 10 right").wait_for()
    screen.rest().page.get_by_test_id("stPageLink-NavLink").click()
    asked = question(7, 1, 2, "sign", "softmax")
    shown = "document.querySelector('.st-key-softmax_z .js-plotly-plot')?.data?.[0].y"
    screen.wait(f"(z) => String(Array.from({shown} ?? [])) === String(z)", list(asked.x))
    assert "/softmax?" in screen.page.url
    screen.rest().page.go_back()
    screen.page.get_by_text("Ten questions: 9 of 10 right").wait_for()
    screen.rest().page.keyboard.press("ArrowRight")
    screen.link_says("n=11").wait(KEPT_BACK)
