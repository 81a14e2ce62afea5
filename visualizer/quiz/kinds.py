"""All kinds of question, in the order of the menu. A new one is a module and a line here."""

from visualizer.quiz.largest import LARGEST
from visualizer.quiz.order import ORDER
from visualizer.quiz.question import Kind
from visualizer.quiz.result import RESULT
from visualizer.quiz.shift import SHIFT
from visualizer.quiz.sign import SIGN
from visualizer.quiz.wrong import WRONG
from visualizer.quiz.zero import ZERO

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (SIGN, ZERO, LARGEST, SHIFT, WRONG, RESULT, ORDER)
}
