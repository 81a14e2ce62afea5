"""All kinds of question, in the order of the menu. A new one is a module and a line here."""

from views.quiz.largest import LARGEST
from views.quiz.order import ORDER
from views.quiz.question import Kind
from views.quiz.result import RESULT
from views.quiz.shift import SHIFT
from views.quiz.sign import SIGN
from views.quiz.wrong import WRONG
from views.quiz.zero import ZERO

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (SIGN, ZERO, LARGEST, SHIFT, WRONG, RESULT, ORDER)
}
