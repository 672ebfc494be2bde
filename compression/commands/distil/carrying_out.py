"""An order carried out: the teacher is looked at and asked, its student trained and examined, and the files are written
at the very end.
"""

import shutil

import torch

from compression.catalog.datasets import load_dataset
from compression.commands.distil.examination import examine
from compression.commands.distil.making import ask, make
from compression.commands.distil.order import Order
from compression.commands.distil.outcome_tables import print_outcome
from compression.commands.distil.teacher_check import require_classifier, require_knowledge
from compression.commands.distil.work_folder import at_work_alone, materials_for
from compression.commands.out_file import hand_over
from compression.commands.telling import Teller
from compression.decision.numbers import in_percent
from compression.errors import Cancelled


def carry_out_order(order: Order, *, threads: int) -> None:
    """See ``command.distil``.

    Raises TeacherNotUsable for a file that cannot teach: before it is asked, or while it is when it gives scores that
    cannot be kept. Raises UsageError while another command does the same, CandidateFailed for a training that fails,
    and Cancelled when it is interrupted after the files were written; before that, the same order goes on.
    """
    require_classifier(order.teacher, order.card)
    dataset = load_dataset(order.card)
    knowledge = require_knowledge(order.teacher, dataset, threads=threads)
    tell = Teller()
    tell(f"the teacher: {in_percent(knowledge.value)} of the validation images right")
    torch.set_num_threads(threads)
    materials = materials_for(order, dataset)
    with at_work_alone(materials):
        ask(materials, tell, threads=threads)
        remarks = {who: make(recipe, who, materials, tell) for who, recipe in order.recipes.items()}
        short = frozenset(who for who, remark in remarks.items() if remark.short_of_memory)
        outcome = examine(order, materials, knowledge, tell, threads=threads, short_of_memory=short)
        hand_over({materials.artefact(recipe): order.places[who] for who, recipe in order.recipes.items()})
        try:
            shutil.rmtree(materials.artefacts)
            print_outcome(outcome)
        except KeyboardInterrupt as interrupt:
            written = " and ".join(str(place) for place in order.places.values())
            raise Cancelled(f"Interrupted when all was made and written to {written}.") from interrupt
