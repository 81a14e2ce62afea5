"""What a page shows, as a value: parsed from a link, checked, and written back to one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from views.codecs import FLAG, Codec, Refused, Rows, names_among, quoted

MAX_LINK = 8 * 1024
VERSION = "1"

# What a page can leave out: the row of controls, and all that is below the figures.
PARTS = ("controls", "below")


def with_row(rows: Rows, n: int, row: Iterable[float]) -> Rows:
    """Return the rows with row n replaced."""
    return (*rows[:n], tuple(row), *rows[n + 1 :])


def resized(rows: Rows, classes: int) -> Rows:
    """Return the rows cut, or filled up with 0, to a number of classes."""
    return tuple((*row[:classes], *(0.0 for _ in range(classes - len(row)))) for row in rows)


def one_hot(batch: int, classes: int) -> Rows:
    """Return 1 for class 0, else 0, in every row: Jᵀ·g is then row 0 of J."""
    return tuple(tuple(float(j == 0) for j in range(classes)) for _ in range(batch))


def fit_gradient(g: Rows, inputs: Rows, name: str, named: bool) -> tuple[Rows, list[str]]:
    """Return g if it has the shape of the inputs, else a one-hot gradient that has.

    Args:
        g: upstream gradient.
        inputs: what it has to fit.
        name: of the inputs, for the message.
        named: whether a user set g; if not, it follows silently.
    """
    shape, came = (len(inputs), len(inputs[0])), (len(g), len(g[0]))
    if came == shape:
        return g, []
    message = (
        f"g: expected {shape[0]} × {shape[1]} numbers, as many as {name} has, got "
        f"{came[0]} × {came[1]}. A one-hot gradient is shown instead."
    )
    return one_hot(*shape), [message] if named else []


def fit_index(index: int, count: int, name: str, named: bool) -> tuple[int, list[str]]:
    """Return the index if it is below the count, else 0."""
    if index < count:
        return index, []
    message = f"{name}: expected a whole number from 0 to {count - 1}, got {index}. It is 0 now."
    return 0, [message] if named else []


@dataclass(frozen=True)
class BaseScenario:
    """Template of what a page shows.

    Each field has a default, and in its metadata the `codec` that reads and writes it.

    Attributes:
        TABS: the tabs below the figures: their names in a link, and on screen. A page that has
            some has a field `tab`.
        SLOW: whether even a small scenario takes long to compute.
        hide: the parts of the page that a link leaves out, for slides.
        present: whether the page is set for a projector.
    """

    TABS: ClassVar[Mapping[str, str]] = {}
    SLOW: ClassVar[bool] = False

    hide: tuple[str, ...] = field(default=(), metadata={"codec": names_among(PARTS)})
    present: bool = field(default=False, metadata={"codec": FLAG})

    @classmethod
    @cache
    def codecs(cls) -> dict[str, Codec]:
        """How each field is read and written, by its name."""
        return {item.name: item.metadata["codec"] for item in fields(cls)}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return the scenario that a query describes, and a message for each value refused.

        A refused value is replaced by its default; what the query does not name has its default
        too; what it names beyond the fields is passed over, as browsers and hosts add their own.
        Never raises.
        """
        scenario, given, messages = cls.read(query)
        fitted, more = scenario.fitted(given)
        return fitted, messages + more

    @classmethod
    def read(cls, query: Mapping[str, str]) -> tuple[Self, frozenset[str], list[str]]:
        """Return the fields as the query gives them, which are named in it, and what was refused.

        The fields may not fit each other yet. It costs no more than reading the text.
        """
        if query.get("v", VERSION) != VERSION:
            message = f"Link: this app reads version {VERSION}, got {quoted(query['v'])}. "
            return cls(), frozenset(), [message + "The page shows its defaults."]
        values, messages = {}, []
        for name, codec in cls.codecs().items():
            text = query.get(name)
            if text is None:
                continue
            try:
                values[name] = codec.parse(text)
            except Refused as refusal:
                messages.append(f"{name}: {refusal}. The default is shown instead.")
        return cls(**values), frozenset(values), messages

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Return a scenario whose fields fit each other, and a message for each one given up.

        Args:
            given: the fields that a user set; the others may follow silently.
        """
        return self, []

    def having(self, **values: Any) -> Self:
        """Return this scenario with these fields: itself where it has them, as mostly in a drag."""
        return self if values.items() <= vars(self).items() else replace(self, **values)

    def to_query(self) -> dict[str, str]:
        """Return every field as text; `from_query` gives the same scenario back."""
        return dict(self._query)

    @cached_property
    def _query(self) -> dict[str, str]:
        """The fields as text, made once: a large batch takes a while, and every figure asks."""
        return {name: codec.format(getattr(self, name)) for name, codec in self.codecs().items()}

    def to_link(self) -> dict[str, str]:
        """Return what belongs in the address bar: the required fields, then what is not default."""
        query = self.to_query()
        usual = {f.name: f.default for f in fields(self)} | {"tab": self.usual_tab}
        changed = [
            name
            for name, codec in self.codecs().items()
            if codec.in_link and getattr(self, name) != usual[name]
        ]
        return {name: query[name] for name in dict.fromkeys((*self.always_linked(), *changed))}

    def to_exact_link(self) -> dict[str, str]:
        """Return what opens exactly this state, where the address bar keeps some of it back."""
        return self.to_link()

    @property
    def usual_tab(self) -> str:
        """The tab that is open until a user opens another: of what the link shows, or the first."""
        return "wrong" if getattr(self, "wrong", ()) else next(iter(self.TABS), "")

    @property
    def exported(self) -> "BaseScenario | None":
        """The scenario whose numbers an export states; None while there are none to state."""
        return self

    @classmethod
    def always_linked(cls) -> tuple[str, ...]:
        """Fields that a link names even at their default, so that it reads on its own."""
        return ()

    def updated(self, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return this scenario with the fields that the query names; what is refused stays."""
        values, messages = {}, []
        for name, codec in self.codecs().items():
            if name not in query:
                continue
            try:
                values[name] = codec.parse(query[name])
            except Refused as refusal:
                messages.append(f"{name}: {refusal}. Nothing was changed.")
        scenario, more = replace(self, **values).fitted(frozenset(query))
        return scenario, messages + more
