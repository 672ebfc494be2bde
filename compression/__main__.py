"""The command line: ``python -m compression COMMAND``. Says what went wrong in one sentence, never in a traceback,
unless it is a bug."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from compression.commands.options import (
    Dataset,
    Epochs,
    LabelsShare,
    LatencySeconds,
    Objective,
    OwnLatencySeconds,
    Scores,
    Seed,
    StudentSize,
    StudentSizes,
    Temperature,
    Threads,
    objective_asked_for,
)
from compression.errors import WeighInError
from compression.records.bounds import CALIBRATION_EXAMPLES, LARGEST_DROP, THREADS
from compression.records.recipes import LaneName
from compression.records.schemes import SCHEME_NAMES, known_schemes

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def run(  # noqa: PLR0917  # typer passes options by name, whatever their order
    model: Annotated[str, typer.Option(help="The model, such as mobilenet_v2, or an .onnx file of your own.")],
    dataset: Annotated[str, typer.Option(help="The dataset, such as fashion-mnist, or a folder of your own.")],
    out: Annotated[Path, typer.Option(help="The folder to write the study to; it must not hold one yet.")],
    preset: Annotated[str, typer.Option(help="How thoroughly: preview, quick, standard or thorough.")] = "quick",
    seed: Seed = 0,
    threads_per_lane: Annotated[
        int | None,
        typer.Option(
            min=THREADS.least, max=THREADS.most, help="Fix each lane's threads: same seed, same accuracies, exactly."
        ),
    ] = None,
    objective: Objective = None,
    temperature: Temperature = None,
    labels_share: LabelsShare = None,
    epochs: Epochs = None,
    student: StudentSizes = None,
    scheme: Annotated[
        list[str] | None,
        typer.Option(
            metavar=f"[{'|'.join(SCHEME_NAMES)}]",
            help="How to quantize the original; may be given several times (default: the preset's).",
        ),
    ] = None,
    calibration_examples: Annotated[
        int | None,
        typer.Option(
            "--calibration-examples",
            "--calibration-images",
            min=CALIBRATION_EXAMPLES.least,
            max=CALIBRATION_EXAMPLES.most,
            help="How many examples int8 chooses its ranges by (default: 300).",
        ),
    ] = None,
    largest_drop: Annotated[
        float | None,
        typer.Option(
            min=LARGEST_DROP.least,
            max=LARGEST_DROP.most,
            help="The share of accuracy that int8-accuracy-aware may lose (default: 0.005).",
        ),
    ] = None,
    latency_seconds: OwnLatencySeconds = None,
) -> None:
    """Run a study: both methods on one model, measured side by side, with a verdict."""
    from compression.catalog.rows import dataset_card
    from compression.commands.own import bring
    from compression.commands.run import run_study
    from compression.modalities.choose import modality_of
    from compression.modalities.sizes import students_asked_for
    from compression.records.study import Options, Request

    model, dataset = bring(model, dataset)
    card = dataset_card(dataset)
    request = Request(
        model=model,
        dataset=dataset,
        preset=preset,
        seed=seed,
        options=Options(
            threads_per_lane=threads_per_lane,
            students=students_asked_for(student, card, modality_of(card)) if student else None,
            objective=objective_asked_for(objective, temperature, labels_share),
            epochs=epochs,
            schemes=known_schemes(scheme) if scheme else None,
            calibration_examples=calibration_examples,
            largest_drop=largest_drop,
            latency_seconds=latency_seconds,
        ),
    )
    run_study(request, out)


@app.command()
def teach(
    model: Annotated[str, typer.Option(help="The model to train, such as resnet18.")],
    dataset: Dataset,
    seed: Seed = 0,
    threads: Annotated[int, typer.Option(min=THREADS.least, help="Threads to train with.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Where to write weights and card (default: the bundled models).")
    ] = None,
) -> None:
    """Train a model of the catalog from scratch, and write its weights and its card. Goes on where it left off."""
    from compression.commands.teach import teach_model

    teach_model(model, dataset, seed=seed, threads=threads, out=out)


@app.command()
def measure(  # noqa: PLR0917  # typer passes options by name, whatever their order
    file: Annotated[Path, typer.Argument(help="An .onnx file: examples in, class scores out.")],
    dataset: Dataset,
    against: Annotated[Path | None, typer.Option(help="A second file, to be compared with example by example.")] = None,
    engine: Annotated[
        list[str] | None, typer.Option(help="onnxruntime or openvino; give it twice for both (default).")
    ] = None,
    batch: Annotated[
        list[int] | None, typer.Option(min=1, help="Examples at once; may be given several times.")
    ] = None,
    threads: Annotated[
        list[int] | None,
        typer.Option(min=THREADS.least, help="Threads; may be given several times (default: all cores)."),
    ] = None,
    precision: Annotated[
        str, typer.Option(help="What is not in 8 bits is computed in: fp32, or bf16 or fp16 where engine and CPU can.")
    ] = "fp32",
    latency_seconds: LatencySeconds = 2.0,
    seed: Seed = 0,
    json: Annotated[Path | None, typer.Option(help="Where to write all measurements, raw samples included.")] = None,
    scores: Scores = None,
) -> None:
    """Measure any .onnx classifier on a dataset, alone or against another one."""
    from compression.commands.measure import measure_and_print

    measure_and_print(
        [file] if against is None else [file, against],
        dataset,
        engines=engine or [],
        batches=batch or [1],
        threads=threads or [],
        precision=precision,
        seconds=latency_seconds,
        seed=seed,
        json_file=json,
        scores=scores,
    )


@app.command()
def quantize(  # typer passes options by name, whatever their order
    file: Annotated[Path, typer.Argument(help="An .onnx file in fp32: examples in, class scores out.")],
    out: Annotated[Path, typer.Option(help="The .onnx file to write; it must not be there yet.")],
    scheme: Annotated[
        str, typer.Option(help=f"How to store and compute its numbers: {', '.join(SCHEME_NAMES)}.")
    ] = "int8-ptq",
    dataset: Annotated[
        str | None, typer.Option(help="The dataset it is meant for; 8 bits are calibrated on its training examples.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Quantize any .onnx classifier, and say what the engines really compute in 8 bits."""
    from compression.commands.quantize import quantize

    quantize(file, out, dataset=dataset, scheme=scheme, seed=seed)


@app.command()
def distil(  # noqa: PLR0917  # typer passes options by name, whatever their order
    file: Annotated[Path, typer.Argument(help="The teacher, an .onnx file: examples in, class scores out.")],
    dataset: Dataset,
    student: StudentSize,
    out: Annotated[Path, typer.Option(help="The .onnx file to write; it must not be there yet.")],
    objective: Objective = None,
    temperature: Temperature = None,
    labels_share: LabelsShare = None,
    preset: Annotated[
        str,
        typer.Option(
            help="For how long and with how many examples, as in a study: preview, quick, standard, thorough."
        ),
    ] = "standard",
    epochs: Epochs = None,
    control: Annotated[
        Path | None, typer.Option(help="Where to write the same student trained without a teacher, if at all.")
    ] = None,
    seed: Seed = 0,
    threads: Threads = None,
    scores: Scores = None,
) -> None:
    """Teach a small student with the answers of any .onnx classifier, and say what it knows. Goes on where it left
    off."""
    from compression.commands.distil.command import distil

    distil(
        file,
        out,
        dataset=dataset,
        student=student,
        objective=objective_asked_for(objective, temperature, labels_share),
        preset=preset,
        epochs=epochs,
        seed=seed,
        threads=threads,
        control=control,
        scores=scores,
    )


@app.command()
def answer(
    study: Annotated[str, typer.Argument(help="The study's id, as 'list' shows it.")],
    file: Annotated[Path, typer.Argument(help="An example of your own, in a file.")],
    json: Annotated[Path | None, typer.Option(help="Where to write the answers for scripts.")] = None,
) -> None:
    """Ask every file of a study about an example of your own."""
    from compression.commands.answer import answer_and_print

    answer_and_print(study, file, json)


@app.command(name="add-dataset")
def add_dataset(  # noqa: PLR0917  # typer passes options by name, whatever their order
    source: Annotated[Path, typer.Argument(help="A folder with one folder a class, a zip or tar of it, or a table.")],
    name: Annotated[str, typer.Option(help="What to call it: small letters, digits and hyphens.")],
    title: Annotated[str | None, typer.Option(help="What pages call it (default: the name).")] = None,
    side: Annotated[
        int | None, typer.Option(help="How wide and high each becomes (default: as most are, at most 224).")
    ] = None,
    mirrored: Annotated[
        bool, typer.Option(help="Mirrored ones show the same, as with clothes and not digits.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Put examples of your own into the catalog, and say what was left out and why."""
    from compression.commands.own import add_dataset
    from compression.methods.modality import Asked

    add_dataset(source, Asked(name=name, title=title or name, side=side, mirrored=mirrored, seed=seed))


@app.command(name="datasets")
def list_datasets() -> None:
    """List all datasets, and the models that are trained on them."""
    from compression.commands.own import print_datasets

    print_datasets()


@app.command(name="remove-dataset")
def remove_dataset(name: Annotated[str, typer.Argument(help="The dataset's name, as 'datasets' shows it.")]) -> None:
    """Delete a dataset of your own, and the models that were taught on it. Studies stay."""
    from compression.catalog.own.kept import remove

    remove(name)


@app.command(name="add-model")
def add_model(
    source: Annotated[Path, typer.Argument(help="The model, an .onnx file.")],
    dataset: Dataset,
    name: Annotated[
        str | None, typer.Option(help="What to call it: small letters, digits and hyphens (default: the file's name).")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What pages call it (default: the name).")] = None,
) -> None:
    """Put a model of your own into the catalog, and say how its examples have to be prepared."""
    from compression.commands.own import add_model

    add_model(source, dataset, name=name, title=title)


@app.command(name="models")
def list_models() -> None:
    """List all models, and the dataset that each can be studied on."""
    from compression.commands.own import print_models

    print_models()


@app.command(name="remove-model")
def remove_model(name: Annotated[str, typer.Argument(help="The model's name, as 'models' shows it.")]) -> None:
    """Delete a model of your own. Studies stay."""
    from compression.catalog.own.models import remove_model

    remove_model(name)


@app.command(name="list")
def list_studies() -> None:
    """List all studies, newest first, with their verdicts."""
    from compression.commands.listing import print_studies

    print_studies()


@app.command()
def report(
    study: Annotated[str, typer.Argument(help="The study's id, as 'list' shows it.")],
    out: Annotated[Path, typer.Option(help="The folder to write study.json, report.html and the files to.")],
) -> None:
    """Write a study that is in the library to a folder."""
    from compression.commands.run import export

    export(study, out)


@app.command()
def table(study: Annotated[str, typer.Argument(help="The study's id, as 'list' shows it.")]) -> None:
    """Print a study's candidates as a Markdown table, for a README or an issue."""
    from compression.commands.listing import print_table

    print_table(study)


@app.command(hidden=True)
def work(study: str) -> None:
    """Carry out a claimed study (started by the supervisor)."""
    from compression.commands.work import run_worker

    run_worker(study)


@app.command(hidden=True)
def lane(study: str, name: LaneName) -> None:
    """Carry out one lane of a study (started by the worker)."""
    from compression.commands.work import run_lane_process

    run_lane_process(study, name)


def main() -> None:
    """Run a command and exit: with 0, 2 for wrong usage, or the code of the error (see ``compression.errors``)."""
    try:
        app()
    except WeighInError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
