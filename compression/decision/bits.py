"""How few bits it takes: the original and every file that was quantized from it, by the bits that they keep for each
weight, and what they lose of the accuracy.

Bits are those of the finished file: all its bytes, steps and graph included, over the parameters of the original. Knows
nothing of how a file was made, nor where the figures are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from compression.decision.compare import accuracy_difference, clearly_above, clearly_below, opposite
from compression.decision.numbers import points_changed, points_lost
from compression.decision.table import Row, Spread, Table
from compression.decision.wording import at_start, listed, name_in_sentence
from compression.records.study import Document
from compression.records.subject import Subject

BITS_PER_BYTE = 8
# Files whose bits differ by less than this share count as equally small: two ways of writing the same 8 bits differ by
# the few bytes of their graphs.
SAME_BITS = 0.1
MOST = 0.5
NO_CHANGE = Spread(value=0.0, low=0.0, high=0.0)


@dataclass(frozen=True, kw_only=True)
class FileBits:
    """A file and the bits that it keeps for each weight. ``change`` is its accuracy less the original's, as a share,
    example by example where the study compared them; nothing at all for the original. ``in_8_bits`` is the share (0..1)
    of its multiplications that the table's engine really computes in 8 bits; None where that is not known."""

    row: Row
    bits: float
    change: Spread
    in_8_bits: float | None

    @property
    def loses(self) -> bool:
        """Whether the examples show that it is less accurate than the original."""
        return clearly_below(self.change, 0.0)

    @property
    def computes_in_8_bits(self) -> bool:
        """Whether most of its multiplications do; not where that is not known."""
        return self.in_8_bits is not None and self.in_8_bits > MOST

    @property
    def gains(self) -> bool:
        """Whether the examples show that it is more accurate than the original."""
        return clearly_above(self.change, 0.0)


def bits_of_files(document: Document, table: Table) -> tuple[FileBits, ...]:
    """The original and its quantized files, the fewest bits first."""
    candidates = {candidate.id: candidate for candidate in document.candidates}
    parameters = candidates[table.original.id].parameters
    found = [
        FileBits(
            row=row,
            bits=BITS_PER_BYTE * row.size_bytes / parameters,
            change=NO_CHANGE if row is table.original else accuracy_difference(row, table.original),
            in_8_bits=next(
                (
                    kernels.low_precision_macs
                    for kernels in candidates[row.id].kernels
                    if kernels.engine == table.condition.engine
                ),
                None,
            ),
        )
        for row in (*table.of("quantization"), table.original)
    ]
    return tuple(sorted(found, key=lambda each: each.bits))


def equally_small(files: Sequence[FileBits]) -> tuple[tuple[FileBits, ...], ...]:
    """The files, which must come with the fewest bits first, in groups of as good as the same number of bits."""
    groups: list[list[FileBits]] = []
    for each in files:
        if groups and each.bits <= (1 + SAME_BITS) * groups[-1][0].bits:
            groups[-1].append(each)
        else:
            groups.append([each])
    return tuple(tuple(group) for group in groups)


def bits_in_words(files: Sequence[FileBits], subject: Subject) -> tuple[str, ...]:
    """The fewest bits at which nothing is lost that the examples can show, then what these do show of other files.
    ``files`` are those of ``bits_of_files``."""
    quantized = [each for each in files if each.row.family == "quantization"]
    if not quantized:
        return ("No file of this study stores the original in fewer bits.",)
    examples = f"{quantized[0].row.test_examples:,} test {subject.nouns}"
    enough = next((each for each in quantized if not each.loses), None)
    if enough is None:
        least_first = sorted(quantized, key=lambda each: -each.change.value)
        return (
            f"Every file with fewer bits than the original loses accuracy that {examples} can show.",
            f"{at_start(listed([_lost(each) for each in least_first]))}.",
        )
    fewer = [each for each in quantized if each.loses and each.bits < enough.bits]
    more = [each for each in quantized if each.loses and each.bits >= enough.bits]
    as_small = [each for group in equally_small(quantized) if enough in group for each in group if not each.loses]
    gaining = [each for each in quantized if each.gains]
    return (
        f"{in_bits(enough.bits)} for each weight are enough to lose nothing that {examples} can show.",
        f"Accuracy against the original: {listed([_changed(each) for each in as_small])}.",
        f"With fewer bits, {listed([_lost(each) for each in fewer])}." if fewer else "No file here has fewer bits.",
        *([f"More bits alone do not help: {listed([_lost(each) for each in more])}."] if more else []),
        *([f"The {subject.nouns} show a gain: {listed([_changed(each) for each in gaining])}."] if gaining else []),
    )


def in_bits(bits: float) -> str:
    """'4.5 bits', '32 bits'."""
    return f"{bits:.1f}".removesuffix(".0") + " bits"


def _changed(file: FileBits) -> str:
    return f"{points_changed(file.change)} for {name_in_sentence(file.row)}"


def _lost(file: FileBits) -> str:
    return f"{name_in_sentence(file.row)} ({in_bits(file.bits)}) loses {points_lost(opposite(file.change))}"
