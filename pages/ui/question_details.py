"""What an expert may set beyond the preset: seed, threads, how students are taught, how the original is quantized.
Closed until looked for."""

import streamlit as st

from compression.catalog.cards import DatasetCard
from compression.catalog.student_sizes import students_asked_for
from compression.report.glossary import explain, explain_each
from compression.store.objectives import DistillationObjective, ObjectiveKind, objective_of_kind
from compression.store.records import Options
from compression.studies.presets import Preset
from pages.ui import study_words as words
from pages.ui import teaching_words
from pages.ui.scheme_choice import choose_schemes

MOST_EPOCHS = 200


def choose_details(preset: Preset, dataset: DatasetCard) -> tuple[int, Options]:
    """The seed and the options; whatever is not touched stays the preset's. Raises UsageError for students that
    cannot be."""
    with st.expander(words.ADVANCED, icon=":material/tune:"):
        left, right = st.columns(2, gap="medium")
        with left:
            seed = st.number_input(words.SEED, 0, 2**31 - 1, value=0, key="seed", help=explain("Seed"))
            fixed = st.toggle(words.FIXED_THREADS, key="fixed-threads", help=words.FIXED_THREADS_HELP)
            threads = st.number_input(
                words.THREADS, 1, 256, value=1, key="threads", disabled=not fixed, help=explain("Threads")
            )
        with right:
            own = st.toggle(teaching_words.OWN, key="own-teaching", help=teaching_words.OWN_HELP)
            sizes = st.text_input(
                teaching_words.STUDENTS,
                placeholder=teaching_words.STUDENTS_EXAMPLE,
                key="students",
                disabled=not own,
                help=teaching_words.STUDENTS_HELP,
            )
            objective = _choose_objective(disabled=not own)
            epochs = st.number_input(
                teaching_words.EPOCHS,
                1,
                MOST_EPOCHS,
                value=preset.student_budget.epochs,
                key=f"epochs-of-{preset.name}",
                disabled=not own,
                help=teaching_words.EPOCHS_HELP,
            )
        quantization = choose_schemes(preset)
    return int(seed), Options(
        threads_per_lane=int(threads) if fixed else None,
        students=students_asked_for(sizes.split(","), dataset) if own and sizes.strip() else None,
        objective=objective if own else None,
        epochs=int(epochs) if own else None,
        schemes=quantization.schemes,
        calibration_images=quantization.calibration_images,
        largest_drop=quantization.largest_drop,
    )


def _choose_objective(*, disabled: bool) -> DistillationObjective | None:
    """None for those of the preset, of which there may be several."""
    kind: ObjectiveKind | None = st.selectbox(
        teaching_words.OBJECTIVE,
        [None, *teaching_words.OBJECTIVES],
        format_func=lambda each: teaching_words.OBJECTIVES[each] if each else teaching_words.OBJECTIVE_OF_PRESET,
        key="objective",
        disabled=disabled,
        help=f"{teaching_words.OBJECTIVE_HELP}\n\n{explain_each('Logits')}",
    )
    if kind is None:
        return None
    usual = objective_of_kind(kind)
    temperature = st.slider(
        teaching_words.TEMPERATURE,
        1.0,
        20.0,
        value=usual.temperature,
        step=0.5,
        key=f"temperature-of-{kind}",
        disabled=disabled,
        help=explain("Temperature"),
    )
    share = st.slider(
        teaching_words.LABELS_SHARE,
        0,
        100,
        value=round(100 * usual.labels_share),
        step=5,
        format="%d%%",
        key=f"labels-share-of-{kind}",
        disabled=disabled,
        help=teaching_words.LABELS_SHARE_HELP,
    )
    return objective_of_kind(kind, temperature=temperature, labels_share=share / 100)
