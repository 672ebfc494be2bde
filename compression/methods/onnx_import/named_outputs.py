"""Which output is which class, by the names that come with a file: in a ``labels.txt`` beside it, one a line, or in
its own metadata, as some exporters write them.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

LABELS = "labels.txt"
# What exporters call them: Ultralytics "names", Azure and others "labels" or "classes".
KEYS = ("names", "labels", "classes")


@dataclass(frozen=True, kw_only=True)
class NamedOutputs:
    """``where`` the names stand; ``outputs`` [K]: the output of each class, None where a class is not among them."""

    where: str
    outputs: tuple[int, ...] | None


def named_outputs(path: Path, model: onnx.ModelProto, classes: Sequence[str]) -> NamedOutputs | None:
    """What the names say of the ``classes``; None where there are no names. Capitals, hyphens and the like do not
    count."""
    beside = path.with_name(LABELS)
    if beside.is_file():
        where, names = f"the {LABELS} beside it", beside.read_text(encoding="utf-8", errors="replace").splitlines()
    else:
        kept = {each.key.lower(): each.value for each in model.metadata_props}
        key = next((key for key in KEYS if key in kept), None)
        if key is None:
            return None
        where, names = "its own metadata", _read(kept[key])
    if not names:
        return None
    places = {_plain(name): number for number, name in reversed(list(enumerate(names)))}
    wanted = [_plain(name) for name in classes]
    found = tuple(places[name] for name in wanted if name in places)
    return NamedOutputs(where=where, outputs=found if len(set(found)) == len(wanted) else None)


def _read(value: str) -> list[str]:
    """The names in a list or a table by numbers, as JSON or Python writes them, or with commas between."""
    try:
        read = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        read = [each.strip() for each in value.split(",")]
    if isinstance(read, dict):
        try:
            numbered = {int(number): str(name) for number, name in read.items()}
        except (ValueError, TypeError):
            return []
        if sorted(numbered) != list(range(len(numbered))):
            return []
        return [numbered[number] for number in range(len(numbered))]
    return [str(name) for name in read] if isinstance(read, list | tuple) else []


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
