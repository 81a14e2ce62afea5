"""The template of scenarios: parsed from a link, checked, and written back to one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from visualizer.scenario.codecs import FLAG, Codec, Refused, Rows, names_among, quoted

MAX_LINK = 8 * 1024
VERSION = "1"


def fits_link(link: Mapping[str, str]) -> bool:
    """Tell whether an address may hold it."""
    return sum(len(name) + len(text) + 2 for name, text in link.items()) <= MAX_LINK


# What a page can leave out: the row of controls, and all that is below the figures.
PARTS = ("controls", "below")

# The fields that say how a page is looked at, beside what it shows.
LOOK = ("hide", "present", "step", "tour", "tab")


def with_row(rows: Rows, n: int, row: Iterable[float]) -> Rows:
    """Return the rows with row n replaced."""
    return (*rows[:n], tuple(row), *rows[n + 1 :])


def resized(rows: Rows, classes: int) -> Rows:
    """Return the rows cut, or filled up with 0, to a number of classes."""
    return tuple((*row[:classes], *(0.0 for _ in range(classes - len(row)))) for row in rows)


@dataclass(frozen=True)
class BaseScenario:
    """Template of what a page shows.

    Each field has a default and, in its metadata, the `codec` that reads and writes it and the
    `rule` that makes it fit the others; see `visualizer.scenario.fields`.

    Attributes:
        ALWAYS: the fields that a link names even at their default, so that it reads on its own.
        SLOW: whether even a small scenario takes long to compute.
        hide: the parts of the page that a link leaves out, for slides.
        present: whether the page is set for a projector.
    """

    ALWAYS: ClassVar[tuple[str, ...]] = ()
    SLOW: ClassVar[bool] = False

    hide: tuple[str, ...] = field(
        default=(), metadata={"codec": names_among(PARTS), "called": "Hidden parts"}
    )
    present: bool = field(default=False, metadata={"codec": FLAG, "called": "Present"})

    @classmethod
    @cache
    def codecs(cls) -> dict[str, Codec]:
        """How each field is read and written, by its name."""
        return {item.name: item.metadata["codec"] for item in fields(cls)}

    @classmethod
    @cache
    def said_of(cls, name: str) -> Mapping[str, Any]:
        """Return what the declaration of a field says of it; {} where there is no such field."""
        return next((item.metadata for item in fields(cls) if item.name == name), {})

    @classmethod
    def called(cls, name: str) -> str:
        """Return what a field is called on screen, where messages speak of it."""
        return cls.said_of(name).get("called") or name

    @classmethod
    def tabs(cls) -> Mapping[str, str]:
        """The tabs below the figures, named by the field `tab`: in a link, and on screen."""
        return cls.said_of("tab").get("tabs", {})

    @classmethod
    def usual(cls) -> Self:
        """Return the scenario of a page that is opened without a link."""
        return cls().fitted(frozenset())[0]

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
        values, messages = cls._parsed(query, "The default is shown instead.")
        return cls(**values), frozenset(values), messages

    @classmethod
    def _parsed(cls, query: Mapping[str, str], instead: str) -> tuple[dict[str, Any], list[str]]:
        values, messages = {}, []
        for name, codec in cls.codecs().items():
            if (text := query.get(name)) is None:
                continue
            try:
                values[name] = codec.parse(text)
            except Refused as refusal:
                messages.append(f"{cls.called(name)}: {refusal}. {instead}")
        return values, messages

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Return a scenario whose fields fit each other, and a message for each one given up.

        Args:
            given: the fields that a user set; the others may follow silently.
        """
        scenario, messages = self, []
        for item in fields(self):
            if rule := item.metadata.get("rule"):
                value, more = rule(scenario, item, item.name in given)
                scenario = scenario.having(**{item.name: value})
                messages += more
        return scenario, messages

    def having(self, **values: Any) -> Self:
        """Return this scenario with these fields: itself where it has them, as mostly in a drag."""
        return self if values.items() <= vars(self).items() else replace(self, **values)

    def looked_at_as(self, other: "BaseScenario") -> Self:
        """Return what this scenario shows, looked at as another one of its page is."""
        return self.having(**{name: getattr(other, name) for name in LOOK if name in self.codecs()})

    def changed(self, **values: Any) -> tuple[Self, list[str]]:
        """Return this scenario with these fields, made to fit, and what had to be given up."""
        return replace(self, **values).fitted(frozenset(values))

    def updated(self, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return this scenario with the fields that a query names; what is refused stays."""
        values, messages = self._parsed(query, "Nothing was changed.")
        scenario, more = replace(self, **values).fitted(frozenset(query))
        return scenario, messages + more

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
        return {name: query[name] for name in dict.fromkeys((*self.ALWAYS, *self._unusual()))}

    def to_room_link(self) -> dict[str, str]:
        """Return what a room opens: this state as a page of its own, in as few letters as it takes.

        The presentation, what it hides and the tab of who gives it are not for the room. What the
        page shows without a link is left out where it comes by itself beside the rest.
        """
        own: dict[str, Any] = {"present": False, "hide": ()}
        shown = self.having(**own | ({"tab": self.usual_tab} if "tab" in self.codecs() else {}))
        link, usual = shown.to_link(), self.usual().to_query()
        short = {name: text for name, text in link.items() if text != usual[name]}
        return short if self.from_query(short)[0].to_link() == link else link

    def _unusual(self) -> list[str]:
        """Return the fields of a link that are not as usual."""
        usual = {item.name: item.default for item in fields(self)} | {"tab": self.usual_tab}
        return [
            name
            for name, codec in self.codecs().items()
            if codec.in_link and getattr(self, name) != usual[name]
        ]

    def to_exact_link(self) -> dict[str, str]:
        """Return what opens exactly this state, where the address bar keeps some of it back."""
        return self.to_link()

    @property
    def row(self) -> int:
        """The row of its matrices that is in view."""
        return 0

    @property
    def usual_tab(self) -> str:
        """The tab that is open until a user opens another: of what the link shows, or the first."""
        return "wrong" if getattr(self, "wrong", ()) else next(iter(self.tabs()), "")

    @property
    def exported(self) -> "BaseScenario | None":
        """The scenario whose numbers an export states; None while there are none to state."""
        return self
