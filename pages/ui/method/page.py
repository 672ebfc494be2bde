"""How the numbers of one study were made, with its own figures, and what the words mean."""

import streamlit as st

from compression.decision.table import conditions_of
from compression.decision.targets import DEFAULT_TARGET
from compression.report.glossary import explain_each
from compression.store.library import LibraryEntry
from pages.ui.method import words
from pages.ui.method.accuracy import show_accuracy
from pages.ui.method.classes import show_classes
from pages.ui.method.costs import costs, show_costs, show_kernels
from pages.ui.method.making import choices
from pages.ui.method.parts import show_glossary, show_machine, show_sentences, show_steps, show_study
from pages.ui.method.published import show_published
from pages.ui.method.time import NO_TIMES, TIMING, noise, show_noise, show_options, show_times
from pages.ui.method.validation import show_validation
from pages.ui.shared.address import Address
from pages.ui.shared.limits import choose_condition


def show_method(entry: LibraryEntry | None) -> None:
    """From the machine to the glossary, which stands alone where there is no study."""
    st.title(words.TITLE, anchor=False)
    if entry is None:
        st.markdown(words.ONLY_GLOSSARY)
        st.header(words.GLOSSARY, anchor="glossary")
        show_glossary()
        return

    document = entry.document
    st.markdown(words.LEAD)
    show_study(entry)

    st.header(words.MACHINE, anchor="machine", help=explain_each("int8", "VNNI"))
    show_machine(document)

    st.header(words.ACCURACY, anchor="accuracy", help=explain_each("Test examples", "Wilson interval"))
    show_sentences(words.accuracy(document))
    show_accuracy(document)
    show_classes(document)
    st.subheader(words.PAIRED, anchor="pairs", help=explain_each("Paired comparison", "McNemar's test"))
    show_sentences(words.paired(document))

    st.header(words.TIME, anchor="time", help=explain_each("Latency", "Warm-up", "Median"))
    show_steps(TIMING)
    if conditions_of(document):
        show_times(document, choose_condition(document, DEFAULT_TARGET, Address()))
    else:
        show_sentences([NO_TIMES])
    show_sentences(noise(document))
    show_noise(document)
    show_options(document)

    st.header(words.COSTS, anchor="costs")
    show_sentences(costs(document))
    show_costs(document)
    show_kernels(document.candidates)

    st.header(words.CHOICES, anchor="choices", help=explain_each("Training examples", "Validation examples", "Logits"))
    show_sentences(choices(document))
    show_validation(document)

    show_published(document)

    st.header(words.GLOSSARY, anchor="glossary")
    show_glossary()
