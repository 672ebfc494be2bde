"""Where everything lies until the files are written: a folder of the home that goes by the question, so that the same
command goes on where an earlier one was interrupted; and in which one command is at work at a time.
"""

from contextlib import AbstractContextManager
from hashlib import sha256

from compression.catalog.datasets import Dataset
from compression.commands.distil.order import Order
from compression.methods.materials import Materials
from compression.methods.teacher import teacher_hash
from compression.store.alone import held_alone
from compression.store.home import home_folder


def materials_for(order: Order, dataset: Dataset) -> Materials:
    """What the student is made from, in a folder that is the same for the same question, wherever it is written to."""
    question = (
        f"{teacher_hash(order.teacher)} {dataset.train.fingerprint()} {order.recipe.model_dump_json()} "
        f"{order.budget.model_dump_json()} {order.seed}"
    )
    home = home_folder()
    return Materials(
        model=order.teacher,
        dataset=dataset,
        student_budget=order.budget,
        seed=order.seed,
        artefacts=home / "distilling" / sha256(question.encode()).hexdigest()[:32],
        cache=home / "cache",
    )


def at_work_alone(materials: Materials) -> AbstractContextManager[None]:
    """Have the folder to oneself. Raises UsageError while another command makes the same."""
    return held_alone(
        materials.artefacts.with_suffix(".lock"),
        "Another command is teaching this very student at the moment; wait until it has ended, or stop it and start "
        "again.",
    )
