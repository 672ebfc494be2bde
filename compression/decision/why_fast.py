"""Why a quantized candidate is or is not faster on the machine it was measured on: from the times, the graph that the
engine runs, and the processor. Explains; chooses nothing, and claims no cause that the measurements do not show."""

from compression.decision.compare import clearly_above, latency_ratio
from compression.decision.numbers import in_times
from compression.decision.table import Row, Table, conditions_of, table_of
from compression.decision.wording import at_start, listed, name_in_sentence, speed_versus
from compression.records.measurements import ENGINE_TITLES, Kernels
from compression.records.recipes import Quantize, Recipe
from compression.records.schemes import DynamicInt8, MixedPrecision, RecipeScheme, WeightsOnly
from compression.records.study import Candidate, Document

# Instructions that multiply and add 8-bit integers in one go, as the fingerprint names them.
INT8_INSTRUCTIONS = ("AVX-512 VNNI", "AVX-VNNI", "AMX int8", "NEON dotprod", "i8mm")
NEARLY_ALL = 0.9
# What so little of the work is done in explains no difference in time.
HARDLY_ANY = 0.1
# Where a batch makes each example this many times cheaper, most of a single run was not arithmetic.
MOSTLY_OVERHEAD = 2.0
# Multiplications for each byte that is moved. Server cores do tens of them in the time that a byte takes from memory.
MEMORY_BOUND = 10.0


LEAST_SHARE = 0.01


def why_fast(document: Document, table: Table) -> dict[str, tuple[str, ...]]:
    """For each quantized candidate of the table, by its id: what its time is against that of the file it was made
    from, and what explains it."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        parent = _parent(table, row)
        kernels = next(
            (each for each in _candidate(document, row).kernels if each.engine == table.condition.engine), None
        )
        if parent is not None and kernels is not None:
            found[row.id] = (
                _here(document, table, row, parent, kernels),
                *_elsewhere(document, table, row, parent),
            )
    return found


def _here(document: Document, table: Table, row: Row, parent: Row, kernels: Kernels) -> str:
    engine = ENGINE_TITLES[table.condition.engine]
    told = f"{at_start(name_in_sentence(row))} is {speed_versus(row, parent)} in {engine}"
    in_8_bits = f"{share_of(kernels.low_precision_macs)} of its multiplications run in 8 bits"
    if _is_faster(row, parent):
        if 0 < kernels.low_precision_macs < HARDLY_ANY:
            return f"{told}, although only {in_8_bits}."
        if not kernels.low_precision_macs:
            return f"{told}, although none of its multiplications run in 8 bits."
        return f"{told}: {in_8_bits}{_instructions_in_words(document)}."
    reasons = _reasons(document, table, row, parent, kernels)
    if not reasons:
        return f"{told}, although {in_8_bits}: for this network the engine's 8-bit code is not the faster one."
    return f"{told}: {listed(reasons)}."


def _reasons(document: Document, table: Table, row: Row, parent: Row, kernels: Kernels) -> list[str]:
    engine = ENGINE_TITLES[table.condition.engine]
    if not kernels.low_precision_macs:
        # What is never computed in 8 bits cannot be explained by anything about 8-bit arithmetic.
        also = f", and {name_in_sentence(parent)} runs in {parent.precision} too" if parent.precision != "fp32" else ""
        return [f"{stored_only(row.recipe, engine, row.precision)}{also}"]
    if kernels.low_precision_macs < HARDLY_ANY:
        return [left_in_float(row.recipe, kernels)]
    reasons: list[str] = []
    if _lacks_instructions(document):
        reasons.append("this processor has no instructions for 8-bit products (VNNI, AMX, dot product)")
    if parent.precision in {"bf16", "fp16"}:
        reasons.append(f"{name_in_sentence(parent)} already runs in {parent.precision} here")
    if kernels.low_precision_macs < NEARLY_ALL:
        reasons.append(left_in_float(row.recipe, kernels))
    if (cheaper := _cheaper_in_a_batch(document, table, row)) is not None and cheaper >= MOSTLY_OVERHEAD:
        reasons.append(
            f"it is so small that most of a single run is not arithmetic (in a batch each {table.subject.noun} takes "
            f"{in_times(cheaper)} less)"
        )
    candidate = _candidate(document, row)
    # The weights are read once for all examples of a batch.
    moved = candidate.traffic.weight_bytes / row.batch + candidate.traffic.activation_bytes
    if candidate.macs < MEMORY_BOUND * moved:
        reasons.append(
            f"it does only {candidate.macs / moved:.1f} multiplications for each byte that it moves, so that memory "
            "rather than arithmetic sets its pace (computed from the graph)"
        )
    return reasons


def _elsewhere(document: Document, table: Table, row: Row, parent: Row) -> list[str]:
    """What the same two files do in the other engines, where the answer is another one."""
    told: list[str] = []
    for condition in conditions_of(document):
        here = table.condition
        if condition.engine == here.engine or condition.model_copy(update={"engine": here.engine}) != here:
            continue
        other = table_of(document, condition)
        again, parent_again = other.row(row.id), other.row(parent.id)
        if again and parent_again and _is_faster(again, parent_again) != _is_faster(row, parent):
            told.append(f"In {ENGINE_TITLES[condition.engine]} the same file is {speed_versus(again, parent_again)}.")
    return told


def _cheaper_in_a_batch(document: Document, table: Table, row: Row) -> float | None:
    """How many times less each example takes in the largest batch measured; None if only this batch was."""
    candidate = _candidate(document, row)
    here = table.condition
    batches = [
        latency
        for latency in candidate.latency
        if latency.condition.model_copy(update={"batch": here.batch}) == here and latency.batch > here.batch
    ]
    if not batches:
        return None
    largest = max(batches, key=lambda latency: latency.batch)
    return (row.latency_ms.value / row.batch) / (largest.median_ms / largest.batch)


def _parent(table: Table, row: Row) -> Row | None:
    """The row of the file that a quantized one was made from; None for what is not quantized."""
    if not isinstance(row.recipe, Quantize):
        return None
    return next((other for other in table.rows if other.recipe == row.recipe.source), None)


def _is_faster(row: Row, parent: Row) -> bool:
    return clearly_above(latency_ratio(parent, row), 1.0)


def _candidate(document: Document, row: Row) -> Candidate:
    return next(candidate for candidate in document.candidates if candidate.id == row.id)


def _instructions(document: Document) -> tuple[str, ...]:
    isa = document.machine.isa if document.machine else ()
    return tuple(name for name in INT8_INSTRUCTIONS if name in isa)


def _lacks_instructions(document: Document) -> bool:
    """Whether the processor is known to have none: Windows tells only part of them (see machine.processor)."""
    machine = document.machine
    return machine is not None and not machine.os.startswith("Windows") and not _instructions(document)


def _instructions_in_words(document: Document) -> str:
    names = _instructions(document)
    return f", for which this processor has {listed(list(names))}" if names else ""


def stored_only(recipe: Recipe, engine: str, precision: str) -> str:
    """Of a file of whose products none run in 8 bits: what is stored in fewer bits, and what ``engine`` computes in."""
    match _scheme_of(recipe):
        case WeightsOnly(bits=bits):
            weights = f"its weights are stored in {bits} bits"
        case MixedPrecision():
            weights = "its weights are stored in 4 and 8 bits"
        case DynamicInt8():
            return f"only its linear layers are stored in 8 bits, and {engine} computes even those in {precision}"
        case _:
            return f"its numbers are stored in fewer bits, but {engine} computes with them in {precision}"
    return f"{weights}, but {engine} widens them and computes in {precision}, so that it is smaller, not faster"


def left_in_float(recipe: Recipe, kernels: Kernels) -> str:
    """Of a file of whose products some run in 8 bits: which do not."""
    left = listed([f"{count} {kind}" for kind, count in sorted(kernels.in_float.items())])
    if isinstance(_scheme_of(recipe), DynamicInt8):
        share = share_of(kernels.low_precision_macs)
        return f"only its linear layers are quantized, with {share} of its multiplications (in floating point: {left})"
    return f"{share_of(1 - kernels.low_precision_macs)} of its multiplications stay in floating point ({left})"


def share_of(share: float) -> str:
    """A share (0..1) in words: '98%', 'less than 1%'."""
    return "less than 1%" if 0 < share < LEAST_SHARE else f"{100 * share:.0f}%"


def _scheme_of(recipe: Recipe) -> RecipeScheme | None:
    return recipe.scheme if isinstance(recipe, Quantize) else None
