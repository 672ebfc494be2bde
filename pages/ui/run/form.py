"""The form on which a person asks a question: which model, on which dataset, looked at how hard; and starting it."""

import streamlit as st

from compression.catalog.rows import DATASETS, architecture_card, dataset_card, pretrained_card, pretrained_models
from compression.errors import UsageError, WeighInError
from compression.records.study import Request
from compression.report.glossary import explain_each
from compression.store.library import Library
from compression.studies.presets import DEFAULT_PRESET, PRESETS, description_of, preset_named
from compression.studies.request import check
from pages.ui.run import words
from pages.ui.run.form_details import choose_details
from pages.ui.run.form_words import about_model


def choose_request() -> Request:
    """Three choices side by side, and the seed and the threads for those who look for them. Raises UsageError."""
    model_column, dataset_column, preset_column = st.columns(3, gap="medium")
    with dataset_column.container(border=True, height="stretch"):
        names = [card.name for card in DATASETS]
        dataset = st.radio(
            words.DATASET,
            names,
            format_func=lambda name: dataset_card(name).title,
            captions=[card.about for card in DATASETS],
            key="dataset",
            help=explain_each("Example", "Class", "Label", "Training examples", "Test examples"),
        )
    card = dataset_card(dataset)
    training_examples = card.train_examples - card.validation_examples
    models = pretrained_models(dataset)
    if not models:
        raise UsageError(words.NO_MODELS)
    with model_column.container(border=True, height="stretch"):
        model = st.radio(
            words.MODEL,
            models,
            format_func=lambda name: architecture_card(name).title,
            captions=[about_model(architecture_card(name), pretrained_card(name, dataset), card) for name in models],
            key=f"model-for-{dataset}",
            help=explain_each("Parameters", "Accuracy"),
        )
    with preset_column.container(border=True, height="stretch"):
        preset = st.radio(
            words.PRESET,
            [preset.name for preset in PRESETS],
            format_func=lambda name: preset_named(name).title,
            captions=[description_of(preset, card.nouns, training_examples) for preset in PRESETS],
            index=[preset.name for preset in PRESETS].index(DEFAULT_PRESET),
            key="preset",
            help=explain_each("Student", "Teacher", "Control"),
        )
    seed, options = choose_details(preset_named(preset), card)
    return Request(model=model, dataset=dataset, preset=preset, seed=seed, options=options)


def start_study(library: Library, request: Request, nonce: str) -> None:
    """Put the question in the queue, once, and its id in the address; or keep the sentence that says why not."""
    try:
        check(request)
    except WeighInError as error:
        # What a callback draws would stand above the whole page.
        st.session_state["refused"] = str(error)
        return
    library.store.add(request, nonce)
    st.session_state.pop("next-study", None)
    open_study(nonce)


def open_study(study: str) -> None:
    """Put a study in the address."""
    st.query_params["study"] = study
