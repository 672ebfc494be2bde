"""What quantization did to the original's layers, from what one study found out about them."""

import streamlit as st

from compression.decision.bits import bits_in_words, bits_of_files
from compression.decision.fragile import bits_looked_at, fragile_in_words, in_order, looks_in
from compression.decision.table import conditions_of, table_of
from compression.report.bits_chart import bits_alt, bits_figure
from compression.report.glossary import explain_each
from compression.report.inside_sections import BITS_HEADING, FRAGILE_HEADING, bits_caption, fragile_caption
from compression.report.sensitivity_chart import sensitivity_alt, sensitivity_figure
from compression.store.library import LibraryEntry
from pages.ui.inside import words
from pages.ui.inside.layer import choose_layer_and_file, show_before_and_after
from pages.ui.inside.layers import choose_bits_and_order, show_all_layers, show_not_inside
from pages.ui.method.parts import show_sentences, show_study
from pages.ui.shared.charts import palette_of_theme, show_chart
from pages.ui.shared.lists import show_list


def show_inside(entry: LibraryEntry) -> None:
    """How few bits it stands, which layers give way first, and one layer's numbers before and after."""
    document, palette = entry.document, palette_of_theme()
    st.title(words.TITLE, anchor=False)
    st.markdown(words.LEAD)
    show_study(entry)

    st.header(BITS_HEADING, anchor="bits", help=explain_each("Bits per weight", "Weights", "Paired comparison"))
    conditions = conditions_of(document)
    if conditions:
        # Accuracy is the same under every condition of time.
        files = bits_of_files(document, table_of(document, conditions[0]))
        takeaway, *rest = bits_in_words(files, document.subject)
        st.markdown(f"**{takeaway}**")
        curve, beside = st.columns([2, 1], gap="medium", vertical_alignment="center")
        with curve:
            show_chart(bits_figure(files, palette), bits_alt(files, document.subject), "chart-bits")
        with beside:
            show_list(rest)
        st.caption(bits_caption(files, document.subject))
    else:
        st.markdown(words.NOT_MEASURED)

    if not document.layers:
        show_not_inside(document.study)
        return

    st.header(FRAGILE_HEADING, anchor="layers", help=explain_each("Layer", "Sensitivity", "Validation examples"))
    if bits_looked_at(document.layers):
        bits, order = choose_bits_and_order(document.layers)
        looks = looks_in(document.layers, bits)
        takeaway, *rest = fragile_in_words(looks, bits, document.subject)
        show_sentences([f"**{takeaway}** {' '.join(rest)}"])
        figure = sensitivity_figure(in_order(looks, order), palette)
        show_chart(figure, sensitivity_alt(looks, bits, document.subject), "chart-sensitivity")
        st.caption(f"{fragile_caption(looks, bits, document.subject)} {words.ORDER_CAPTION}")
        with st.expander(words.IN_NUMBERS, icon=":material/table_rows:"):
            show_all_layers(document.layers)
    else:
        st.markdown(words.NO_SENSITIVITY)

    st.header(words.BEFORE_AFTER, anchor="before-and-after", help=explain_each("Histogram", "Activations"))
    chosen = choose_layer_and_file(document)
    if chosen is None:
        st.markdown(words.NO_ROUNDING)
    else:
        show_before_and_after(*chosen, palette)
