"""The form on which a person asks a question: which model, on which dataset, looked at how hard; and starting it."""

from collections import Counter

import streamlit as st

from compression.catalog.cards import OwnModelCard
from compression.catalog.rows import architecture_card, datasets, model_card, model_title, models_on
from compression.errors import WeighInError
from compression.records.recipes import family_of
from compression.records.study import Request
from compression.report.glossary import explain_each
from compression.report.provenance import remake_command
from compression.store.library import Library
from compression.studies.beforehand import known_beforehand
from compression.studies.presets import DEFAULT_PRESET, PRESETS, description_of, preset_named
from compression.studies.request import check, recipes_of
from pages.ui.run import words
from pages.ui.run.chart import LEGEND, mark
from pages.ui.run.form_details import choose_details
from pages.ui.run.form_words import about_model, about_own_model


def choose_request() -> Request:
    """Three choices, each with a line on the chosen one, and what experts may set. Raises UsageError."""
    model_column, dataset_column, preset_column = st.columns(3, gap="medium")
    # One of a person's own is there as soon as there is a model for it.
    cards = {card.name: card for card in datasets() if models_on(card.name)}
    with dataset_column:
        dataset = st.segmented_control(
            words.DATASET,
            list(cards),
            default=next(iter(cards)),
            required=True,
            format_func=lambda name: cards[name].title,
            key="dataset",
            help=explain_each("Example", "Class", "Label", "Training examples", "Test examples"),
        )
        card = cards[dataset]
        st.caption(card.about)
    models = models_on(dataset)
    with model_column:
        model = st.segmented_control(
            words.MODEL,
            models,
            default=models[0],
            required=True,
            format_func=lambda name: model_title(name, dataset),
            key=f"model-for-{dataset}",
            help=explain_each("Parameters", "Accuracy"),
        )
        found = model_card(model, dataset)
        if isinstance(found, OwnModelCard):
            st.caption(about_own_model(found))
        else:
            st.caption(about_model(architecture_card(model), found, card))
    with preset_column:
        preset = st.segmented_control(
            words.PRESET,
            [preset.name for preset in PRESETS],
            default=DEFAULT_PRESET,
            required=True,
            format_func=lambda name: preset_named(name).title,
            key="preset",
            help=explain_each("Student", "Teacher", "Control"),
        )
        training_examples = card.train_examples - card.validation_examples
        st.caption(description_of(preset_named(preset), card.nouns, training_examples))
    seed, options = choose_details(preset_named(preset), card)
    return Request(model=model, dataset=dataset, preset=preset, seed=seed, options=options)


def show_plan(request: Request) -> None:
    """How many points of each kind will be on the chart."""
    recipes = recipes_of(request)
    counts = Counter(family_of(recipe) for recipe in recipes)
    parts = [mark(family, words.counted_kind(family, counts[family])) for family in LEGEND if counts[family]]
    st.markdown(f"**{words.PLAN.format(len(recipes))}** &ensp; {' &emsp; '.join(parts)}")


def show_command(request: Request) -> None:
    """The command line that asks for the same, and the one for what is not in the catalog yet."""
    st.caption(words.COMMAND)
    st.code(remake_command(request, words.COMMAND_FOLDER), language=None, wrap_lines=True)
    st.caption(words.OWN)
    st.code(words.OWN_COMMAND, language=None, wrap_lines=True)


def start_study(library: Library, request: Request, nonce: str) -> None:
    """Put the question in the queue, once, and its id in the address; or keep the sentence that says why not.

    With it comes what is known beforehand, so that there is something to see from the first second.
    """
    try:
        check(request)
    except WeighInError as error:
        # What a callback draws would stand above the whole page.
        st.session_state["refused"] = str(error)
        return
    library.store.add(request, nonce)
    library.store.results.set_plan(nonce, recipes_of(request))
    library.store.results.set_beforehand(nonce, known_beforehand(request))
    st.session_state.pop("next-study", None)
    open_study(nonce)


def open_study(study: str) -> None:
    """Put a study in the address."""
    st.query_params["study"] = study
