"""What an expert may set beyond the preset: seed, threads, how students are taught, how the original is quantized.
Closed until looked for."""

import streamlit as st

from compression.catalog.cards import DatasetCard
from compression.errors import UsageError
from compression.modalities.choose import modality_of
from compression.modalities.sizes import students_asked_for
from compression.records.bounds import (
    CALIBRATION_EXAMPLES,
    EPOCHS,
    LABELS_SHARE,
    LARGEST_DROP,
    SEED,
    TEMPERATURE,
    THREADS,
)
from compression.records.objectives import DistillationObjective, ObjectiveKind, objective_of_kind
from compression.records.schemes import SCHEME_NAMES, Int8, Int8AccuracyAware, SchemeName, name_of_scheme
from compression.records.study import Options
from compression.report.glossary import explain, explain_each
from compression.studies.presets import Preset
from pages.ui.run import form_words, words
from pages.ui.shared import scheme_words


def choose_details(preset: Preset, dataset: DatasetCard) -> tuple[int, Options]:
    """The seed and the options; whatever is not touched stays the preset's. Raises UsageError for students that
    cannot be."""
    with st.expander(words.ADVANCED, icon=":material/tune:"):
        left, right = st.columns(2, gap="medium")
        with left:
            seed = st.number_input(words.SEED, SEED.least, SEED.most, value=0, key="seed", help=explain("Seed"))
            fixed = st.toggle(words.FIXED_THREADS, key="fixed-threads", help=words.FIXED_THREADS_HELP)
            threads = st.number_input(
                words.THREADS,
                THREADS.least,
                THREADS.most,
                value=1,
                key="threads",
                disabled=not fixed,
                help=explain("Threads"),
            )
        with right:
            own = st.toggle(form_words.OWN, key="own-teaching", help=form_words.OWN_HELP)
            sizes = st.text_input(
                form_words.STUDENTS,
                placeholder=form_words.STUDENTS_EXAMPLE,
                key="students",
                disabled=not own,
                help=form_words.STUDENTS_HELP,
            )
            objective = _choose_objective(dataset, disabled=not own)
            epochs = st.number_input(
                form_words.of(form_words.EPOCHS, dataset),
                EPOCHS.least,
                EPOCHS.most,
                value=preset.student_budget.epochs_on(dataset.train_examples - dataset.validation_examples),
                key=f"epochs-of-{preset.name}",
                disabled=not own,
                help=form_words.EPOCHS_HELP,
            )
        quantization = choose_schemes(preset, dataset)
    return int(seed), Options(
        threads_per_lane=int(threads) if fixed else None,
        students=students_asked_for(sizes.split(","), dataset, modality_of(dataset)) if own and sizes.strip() else None,
        objective=objective if own else None,
        epochs=int(epochs) if own else None,
        schemes=quantization.schemes,
        calibration_examples=quantization.calibration_examples,
        largest_drop=quantization.largest_drop,
    )


def _choose_objective(dataset: DatasetCard, *, disabled: bool) -> DistillationObjective | None:
    """None for those of the preset, of which there may be several."""
    kind: ObjectiveKind | None = st.selectbox(
        form_words.OBJECTIVE,
        [None, *form_words.OBJECTIVES],
        format_func=lambda each: (
            form_words.of(form_words.OBJECTIVES[each], dataset) if each else form_words.OBJECTIVE_OF_PRESET
        ),
        key="objective",
        disabled=disabled,
        help=f"{form_words.of(form_words.OBJECTIVE_HELP, dataset)}\n\n{explain_each('Logits')}",
    )
    if kind is None:
        return None
    usual = objective_of_kind(kind)
    temperature = st.slider(
        form_words.TEMPERATURE,
        TEMPERATURE.least,
        TEMPERATURE.most,
        value=usual.temperature,
        step=0.5,
        key=f"temperature-of-{kind}",
        disabled=disabled,
        help=explain("Temperature"),
    )
    share = st.slider(
        form_words.LABELS_SHARE,
        round(100 * LABELS_SHARE.least),
        round(100 * LABELS_SHARE.most),
        value=round(100 * usual.labels_share),
        step=5,
        format="%d%%",
        key=f"labels-share-of-{kind}",
        disabled=disabled,
        help=form_words.of(form_words.LABELS_SHARE_HELP, dataset),
    )
    return objective_of_kind(kind, temperature=temperature, labels_share=share / 100)


EXAMPLES_STEP = 50


def choose_schemes(preset: Preset, dataset: DatasetCard) -> Options:
    """The options about quantization; whatever is not touched stays the preset's. Raises UsageError for no scheme."""
    own = st.toggle(scheme_words.OWN, key="own-schemes", help=scheme_words.OWN_HELP)
    terms = explain_each(
        "Weight-only quantization",
        "int4",
        "Dynamic quantization",
        "Accuracy-aware quantization",
        "Mixed precision",
        "Quantization-aware training",
    )
    usual = [name_of_scheme(scheme) for scheme in preset.schemes]
    schemes: list[SchemeName] = st.multiselect(
        scheme_words.SCHEMES,
        SCHEME_NAMES,
        default=usual,
        format_func=lambda name: scheme_words.SCHEME_CHOICES[name],
        key=f"schemes-of-{preset.name}",
        disabled=not own,
        help=f"{scheme_words.SCHEMES_HELP}\n\n{terms}",
    )
    left, right = st.columns(2, gap="medium")
    calibrated = left.number_input(
        scheme_words.CALIBRATION.format(dataset.nouns),
        CALIBRATION_EXAMPLES.least,
        CALIBRATION_EXAMPLES.most,
        value=Int8().calibration_examples,
        step=EXAMPLES_STEP,
        key="calibration-examples",
        disabled=not own,
        help=f"{scheme_words.CALIBRATION_HELP.format(dataset.nouns)} {explain('Calibration')}",
    )
    keeps_accuracy = "int8-accuracy-aware" in schemes
    points = right.number_input(
        scheme_words.LARGEST_DROP,
        100 * LARGEST_DROP.least,
        100 * LARGEST_DROP.most,
        value=100 * Int8AccuracyAware().largest_drop,
        step=0.1,
        key="largest-drop",
        disabled=not (own and keeps_accuracy),
        help=scheme_words.LARGEST_DROP_HELP.format(dataset.nouns),
    )
    if not own:
        return Options()
    if not schemes:
        raise UsageError(scheme_words.NO_SCHEME)
    return Options(
        schemes=tuple(name for name in SCHEME_NAMES if name in schemes),
        calibration_examples=int(calibrated),
        largest_drop=points / 100 if keeps_accuracy else None,
    )
