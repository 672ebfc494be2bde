"""Method: how the numbers of one study were made, with its own figures, and what the words mean."""

import streamlit as st

from compression.decision.table import conditions_of
from compression.decision.targets import DEFAULT_TARGET
from compression.report.glossary import explain_each
from pages.ui import method_words as words
from pages.ui import time_words
from pages.ui.cost_words import costs
from pages.ui.frame import frame
from pages.ui.limits import choose_condition
from pages.ui.making_words import choices
from pages.ui.method import show_glossary, show_machine, show_sentences, show_steps, show_study
from pages.ui.method_accuracy import show_accuracy
from pages.ui.method_classes import show_classes
from pages.ui.method_costs import show_costs, show_kernels
from pages.ui.method_published import show_published
from pages.ui.method_time import show_noise, show_options, show_times
from pages.ui.method_validation import show_validation
from pages.ui.shelf import chosen_study, open_shelf
from pages.ui.words import METHOD_PAGE

with frame(METHOD_PAGE):
    shelved = chosen_study(open_shelf())
    st.title(words.TITLE, anchor=False)
    if shelved is None:
        st.markdown(words.ONLY_GLOSSARY)
        st.header(words.GLOSSARY, anchor="glossary")
        show_glossary()
        st.stop()

    document = shelved.document
    st.markdown(words.LEAD)
    show_study(shelved)

    st.header(words.MACHINE, anchor="machine", help=explain_each("int8", "VNNI"))
    show_machine(document)

    st.header(words.ACCURACY, anchor="accuracy", help=explain_each("Test images", "Wilson interval"))
    show_sentences(words.accuracy(document))
    show_accuracy(document)
    show_classes(document)
    st.subheader(words.PAIRED, anchor="pairs", help=explain_each("Paired comparison", "McNemar's test"))
    show_sentences(words.paired(document))

    st.header(words.TIME, anchor="time", help=explain_each("Latency", "Warm-up", "Median"))
    show_steps(time_words.TIMING)
    conditions = conditions_of(document)
    if conditions:
        show_times(document, choose_condition(conditions, DEFAULT_TARGET))
    else:
        show_sentences([time_words.NO_TIMES])
    show_sentences(time_words.noise(document))
    show_noise(document)
    show_options(document)

    st.header(words.COSTS, anchor="costs")
    show_sentences(costs(document))
    show_costs(document.candidates)
    show_kernels(document.candidates)

    st.header(words.CHOICES, anchor="choices", help=explain_each("Training images", "Validation images", "Logits"))
    show_sentences(choices(document))
    show_validation(document)

    show_published(document)

    st.header(words.GLOSSARY, anchor="glossary")
    show_glossary()
