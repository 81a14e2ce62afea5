"""Messages between the app and the child: texts, numbers, arrays, and nothing else."""

import json
import pickle

import numpy as np
import pytest

from visualizer.student.wire import LONGEST, Garbled, decode, encode


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.5, -0.0, np.nan, np.inf]]),
        np.zeros((0, 3)),
        np.array(2.5),
        np.array([True, False]),
        np.arange(12, dtype=np.int32).reshape(3, 4)[:, ::2],
    ],
)
def test_an_array_comes_back_with_its_numbers_and_its_shape(array):
    back = decode(encode({"a": array}))["a"]
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)
    assert back.flags.writeable


def test_texts_numbers_lists_and_scalars_of_numpy_come_back():
    message = {"text": "σ′ <b>`x`</b>\n", "list": [1, 2.5, None, True], "deep": {"a": [{"b": 0.1}]}}
    assert decode(encode(message)) == message
    assert decode(encode({"n": np.float64(0.5), "k": np.int64(3)})) == {"n": 0.5, "k": 3}


@pytest.mark.parametrize("value", [np.array([object()]), np.array(["a"]), 1j, {1, 2}, object()])
def test_what_is_no_text_and_no_number_is_not_sent(value):
    with pytest.raises(TypeError, match="expected texts, numbers and arrays"):
        encode({"a": value})


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[1]",
        b"7",
        pickle.dumps({"a": 1}),
        b'{"a": ' * 100_000,
        b'{"x": {"array": "|O", "shape": [1], "data": ""}}',
        b'{"x": {"array": "<f8", "shape": [2], "data": "AAAAAAAAAAA="}}',
        b'{"x": {"array": "<f8", "shape": [-1], "data": ""}}',
        b'{"x": {"array": "<f8", "shape": [1e9], "data": ""}}',
        b'{"x": {"array": "<f8", "shape": "many", "data": ""}}',
        b'{"x": {"array": "<f8", "shape": [1], "data": "!!!"}}',
        b'{"x": {"array": "<f8", "shape": [99999999999, 99999999999], "data": ""}}',
        json.dumps({"a": "x" * LONGEST}).encode(),
    ],
    ids=lambda line: str(line[:40]),
)
def test_what_is_no_message_is_refused(line):
    with pytest.raises(Garbled, match="expected"):
        decode(line)
