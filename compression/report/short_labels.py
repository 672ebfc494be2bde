"""What a candidate is called beside its point in a chart."""

from compression.decision.table import Row
from compression.records.objectives import needs_labels
from compression.records.recipes import Distill, DistillThenQuantize, DistillThenQuantizeAware, Quantize, QuantizeAware
from compression.records.schemes import SCHEME_TITLES, name_of_scheme


def short_label(row: Row) -> str:
    """A candidate's name beside its point, where the colour already says the family."""
    match row.recipe:
        case Quantize(scheme=scheme):
            return SCHEME_TITLES[name_of_scheme(scheme)]
        case QuantizeAware():
            return "int8 QAT"
        case Distill(student=student, objective=objective):
            return student.title if needs_labels(objective) else f"{student.title}, no labels"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return f"{distill.student.title} {SCHEME_TITLES[name_of_scheme(scheme)]}"
        case DistillThenQuantizeAware(distill=distill):
            return f"{distill.student.title} int8 QAT"
        case _:
            return "" if row.family == "control" else row.name.lower()
