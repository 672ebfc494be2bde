"""What a candidate is called beside its point in a chart."""

from compression.decision.table import Row
from compression.records.objectives import needs_labels
from compression.records.recipes import Distill, Original, Quantize
from compression.records.schemes import SCHEME_TITLES, Qat, RecipeScheme, name_of_scheme


def short_label(row: Row) -> str:
    """A candidate's name beside its point, where the colour already says the family."""
    match row.recipe:
        case Quantize(source=Original(), scheme=scheme):
            return _scheme(scheme)
        case Distill(student=student, objective=objective):
            return student.title if needs_labels(objective) else f"{student.title}, no labels"
        case Quantize(source=Distill(student=student), scheme=scheme):
            return f"{student.title} {_scheme(scheme)}"
        case _:
            return "" if row.family == "control" else row.name.lower()


def _scheme(scheme: RecipeScheme) -> str:
    return "int8 QAT" if isinstance(scheme, Qat) else SCHEME_TITLES[name_of_scheme(scheme)]
