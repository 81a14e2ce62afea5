"""Whatever comes as a file is taken as a scenario, or refused with its place in the file."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.markup import escaped
from tests.fuzz.strategies import export, files
from visualizer.exchange.files import doubt, passed_over, read, said
from visualizer.lessons import LESSONS
from visualizer.scenario import Refused
from visualizer.scenario.codecs import ROWS

FILES, EXPORTS = 120, 30
LONGEST = 5.0  # seconds
MOST_WORDS = 60


def matrices(lesson):
    """The fields that a plain matrix may go into."""
    return [name for name, codec in lesson.Scenario.codecs().items() if codec is ROWS]


TAKING = [lesson for lesson in LESSONS if lesson.export and matrices(lesson)]
every_lesson = pytest.mark.parametrize("lesson", TAKING, ids=lambda lesson: lesson.name)


def test_there_are_pages_that_take_files():
    assert len(TAKING) > 2


@every_lesson
def test_a_file_is_taken_or_refused_with_its_place(lesson):
    usual, seen = lesson.Scenario.usual(), {"taken": 0, "refused": 0}

    @settings(max_examples=FILES)
    @given(files(lesson), st.sampled_from(matrices(lesson)))
    def check(text, field):
        begun = time.perf_counter()
        try:
            query = read(text, usual, field)
        except Refused as refusal:
            seen["refused"] += 1
            assert not escaped(str(refusal))
            assert len(str(refusal).split()) <= MOST_WORDS
            assert re.search("expected", str(refusal))
            return
        assert query.keys() <= usual.to_query().keys()
        _, messages = usual.updated(query)
        assert [
            message for message in [*messages, said(text, usual), doubt(text)] if escaped(message)
        ] == []
        assert time.perf_counter() - begun < LONGEST
        seen["refused" if messages else "taken"] += 1

    check()
    assert min(seen.values()) > FILES // 10, seen


@every_lesson
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_a_page_writes_it_reads_back(lesson, kind):
    @settings(max_examples=EXPORTS)
    @given(export(lesson, kind))
    def check(pair):
        scenario, text = pair
        query = read(text, lesson.Scenario.usual(), matrices(lesson)[0])
        again, messages = lesson.Scenario.usual().updated(query)
        assert messages + passed_over(query, again) == []
        assert [getattr(again, name) for name in lesson.export.inputs] == [
            getattr(scenario, name) for name in lesson.export.inputs
        ]

    check()
