"""What a text would show as markup, by the rules of Markdown."""

import re

from tests.fuzz.strategies import MARK

# A run of backticks opens a code span that the next run of the same length closes. What stands in
# it is shown as it is. It ends with its line: a blank line ends any span, and a heading begins.
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def escaped(text):
    """Whether something of a user's stands outside of the code spans of a text."""
    return MARK in CODE.sub("", text)
