"""Colours that can be told from the page, in light and in dark."""

import pytest

from visualizer.figures import palette

# What Streamlit 1.67 paints behind a page; config.toml leaves it at that.
BACKGROUNDS = ["#FFFFFF", "#171614"]
NAMED = {k: v for k, v in vars(palette).items() if k.isupper() and isinstance(v, str)}


def luminance(color):
    """Relative luminance of WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("name", NAMED)
def test_each_named_colour_has_a_contrast_of_3_to_1(name, background):
    assert contrast(NAMED[name], background) >= 3


def test_terms_are_clearly_lighter_than_their_sum():
    assert luminance(palette.TERM) > 1.5 * luminance(palette.RESULT)


def test_the_oracle_knows_black_and_white_and_rejects_pale_pink():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#E58CAB", "#FFFFFF") < 3
