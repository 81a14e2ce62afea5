"""What the state of a page takes care of beside its values."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from visualizer.lessons.lesson import Lesson
from visualizer.ui.state import PageState


@pytest.mark.parametrize(("classes", "together"), [(3, True), (200, False)])
def test_large_scenarios_alone_are_computed_one_after_another(monkeypatch, classes, together):
    both = threading.Barrier(2)
    met = []

    def moment(self, scenario, ends, compute=Lesson.moment):
        try:
            both.wait(10 if together else 0.5)  # where the other one never comes, in vain
            met.append(True)
        except threading.BrokenBarrierError:
            met.append(False)
        return compute(self, scenario, ends)

    monkeypatch.setattr(Lesson, "moment", moment)
    states = [PageState("softmax"), PageState("softmax")]
    for state in states:
        state.scenario, _ = type(state.scenario).from_query({"z": ",".join(["1"] * classes)})
    with ThreadPoolExecutor(2) as threads:
        moments = list(threads.map(lambda state: state.moment, states))
    assert met == [together, together]
    assert all(moment.values["dx"].size == classes for moment in moments)
