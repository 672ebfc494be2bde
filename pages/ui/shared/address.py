"""What a page's address says beside its path: the study, where the model will run, and the limits.

The address is the truth that controls follow: a link shows what its sender saw, whoever opens it, and wherever. Values
stay the same when words change: ``target=iot&size=1500000``. One that nothing is known of is said, not dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from pages.ui.shared import words

# A limit's value in the address where there is none.
NO_LIMIT = "any"
# Bytes, milliseconds and percent; a preference and a condition by their names; the charts; what is compared.
OF_LIMITS = ("target", "size", "time", "accuracy", "prefer", "measured")
OF_CHARTS = ("charts", "first", "second")
# Whether who came by this address may only look.
VIEW = "view"
# Of the stage: a step of the story, and the one chart that is shown alone.
ON_STAGE = ("step", "chart")
NAMES = (*OF_LIMITS, *OF_CHARTS, VIEW, *ON_STAGE)
# What is of one target alone, and what is of one study alone.
OF_A_TARGET = ("size", "time", "accuracy", "prefer", "measured")
OF_A_STUDY = ("first", "second")
SEEN = "address"

Value = TypeVar("Value")


def _asked() -> dict[str, str]:
    said = st.query_params.to_dict()
    return {name: said[name] for name in NAMES if name in said}


def _now() -> dict[str, str]:
    """All that controls follow: what is asked for, and of which study."""
    return _asked() | {"study": st.query_params.get("study", "")}


@dataclass(frozen=True)
class Address:
    """The address as it is in this run of the page. ``moved``: it was not the page's own controls that changed it, so
    that they take their values from it. ``refused`` are sentences on values that nothing is known of."""

    asked: dict[str, str] = field(default_factory=_now)
    refused: list[str] = field(default_factory=list)

    @property
    def moved(self) -> bool:
        """Whether somebody followed a link, or went back."""
        return bool(st.session_state.get(SEEN) != self.asked)

    def value(self, name: str, usual: Value, read: Callable[[str], Value]) -> Value:
        """What the address says of ``name``, else ``usual``. ``read`` raises ValueError with what there is."""
        text = self.asked.get(name)
        if text is None:
            return usual
        try:
            return read(text)
        except ValueError as error:
            self.refused.append(words.REFUSED.format(name, text, error))
            return usual

    def start(self, key: str, name: str, usual: Value, read: Callable[[str], Value]) -> Value:
        """Give the control of that key its value before it is drawn: it keeps its own, unless the address moved.

        That value is returned, for the control to have as its default too: a browser that draws a control later than
        the run which first gave it a value, as on a slow machine, knows of no other.
        """
        asked = self.value(name, usual, read)
        if self.moved or key not in st.session_state:
            st.session_state[key] = asked
        value: Value = st.session_state[key]
        return value

    def settle(self) -> None:
        """After all controls are drawn: what the address says now is what they show."""
        st.session_state[SEEN] = _now()


def write(key: str, name: str, usual: object, in_address: Callable[..., str], forget: tuple[str, ...] = ()) -> None:
    """For ``on_change``: put the value of the control of that key into the address; a usual one needs no words."""
    value = st.session_state[key]
    put(name, None if value == usual else in_address(value), forget)


def put(name: str, text: str | None, forget: tuple[str, ...] = ()) -> None:
    """Say something in the address, or nothing of it any more; ``forget`` what goes with the former value."""
    for each in (name, *forget):
        st.query_params.pop(each, None)
    if text is not None:
        st.query_params[name] = text
    # Of another study, controls start anew.
    if name in NAMES:
        st.session_state[SEEN] = _now()


def link(study: str | None, parameter: str = "study") -> dict[str, str]:
    """The parameters of a link to another page that keeps the study and the limits."""
    return ({} if study is None else {parameter: study}) | _asked()


def one_of(choices: dict[str, Value]) -> Callable[[str], Value]:
    """Reads one of the values by its name in addresses."""

    def read(text: str) -> Value:
        if text not in choices:
            raise ValueError(words.CHOICES.format(", ".join(choices)))
        return choices[text]

    return read


def number_or_none(text: str) -> float | None:
    """Reads a limit above zero; ``any`` is none."""
    if text == NO_LIMIT:
        return None
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ValueError(words.NUMBER_OR_ANY)
    return number


def limit_in_address(limit: float | None) -> str:
    """A limit as an address has it: '1500000', '0.25', 'any'."""
    return NO_LIMIT if limit is None else f"{limit:.9g}" if limit % 1 else f"{limit:.0f}"
