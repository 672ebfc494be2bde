"""What a person asks of ``distil``: says what cannot be done, before the seconds that torch takes to import."""

from pathlib import Path

from compression.catalog.rows import dataset_card
from compression.commands.distil.request import DistilRequest
from compression.commands.options import score_kind
from compression.commands.out_file import require_free
from compression.errors import Cancelled, UsageError
from compression.measurement.machine.processor import usable_cores
from compression.methods.distillation.needs_network import require_logits_suffice
from compression.modalities.choose import modality_of
from compression.modalities.sizes import students_asked_for
from compression.records.objectives import DistillationObjective, SoftTargets
from compression.records.recipes import Distill
from compression.studies.launchers.local import begin_anew_to_train
from compression.studies.presets import preset_named


def distil(
    file: Path,
    out: Path,
    *,
    dataset: str,
    student: str,
    objective: DistillationObjective | None,
    preset: str,
    epochs: int | None,
    seed: int,
    threads: int | None,
    control: Path | None,
    scores: str | None = None,
) -> None:
    """Write a student of ``file`` to ``out`` and, if it is wanted, the same one without a teacher to ``control``; print
    how they compare.

    A student is trained as in the ``preset``, but for as many ``epochs`` as are given; for that the program begins anew
    with the settings of one that trains, unless it has them. Raises UsageError for what cannot be done, before anything
    is trained, and Cancelled when it is interrupted.
    """
    objective, kind = objective or SoftTargets(), score_kind(scores)
    require_logits_suffice(objective, file)
    card = dataset_card(dataset)
    (wanted,) = students_asked_for([student], card, modality_of(card))
    # One file is written, that of the first seed.
    once = {"seeds": 1} | ({} if epochs is None else {"epochs": epochs})
    budget = preset_named(preset).student_budget.model_copy(update=once)
    require_free(out)
    if control is not None:
        require_free(control, "--control")
        if control.resolve() == out.resolve():
            raise UsageError(f"Student and control cannot both be written to {out}; choose another name for --control.")
    request = DistilRequest(
        teacher=file,
        recipe=Distill(student=wanted, objective=objective),
        card=card,
        budget=budget,
        seed=seed,
        out=out,
        control=control,
        scores=kind,
    )
    begin_anew_to_train()
    try:
        from compression.commands.distil.run import run_distil

        run_distil(request, threads=threads or usable_cores())
    except KeyboardInterrupt as interrupt:
        raise Cancelled("Interrupted; the same command goes on from the last epoch that was finished.") from interrupt
