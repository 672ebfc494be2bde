"""The front page: the answer to one study, under limits that the reader sets."""

import streamlit as st

from compression.decision.caveats import caveats
from compression.decision.flips import flips
from compression.decision.pros_cons import pros_and_cons
from compression.decision.table import conditions_of, table_of
from compression.decision.teacher import gains_in_words, gains_of
from compression.decision.verdict import decide
from compression.decision.why_fast import why_fast
from compression.report.charts import is_crowded, tradeoff_alt, tradeoff_figure
from compression.report.gains_chart import gains_alt, gains_figure
from compression.report.glossary import explain, explain_each
from pages.ui.front.candidates import show_files, show_legend, show_pros_and_cons, show_table
from pages.ui.front.verdict import show_caveats, show_list, show_reasons, show_verdict
from pages.ui.shared import words
from pages.ui.shared.charts import palette_of_theme, show_chart
from pages.ui.shared.downloads import show_downloads
from pages.ui.shared.frame import frame
from pages.ui.shared.library import chosen_study, open_library
from pages.ui.shared.limits import choose_condition, choose_limits, choose_target
from pages.ui.shared.states import show_no_study, show_origin, show_unfinished, show_way_inside

with frame(words.VERDICT_PAGE):
    library = open_library()
    entry = chosen_study(library)
    if entry is None:
        show_no_study(library)
        st.stop()

    show_origin(library, entry)
    conditions = conditions_of(entry.document)
    if not conditions:
        show_unfinished(entry)
        st.stop()

    # The verdict stands above the controls that it depends on.
    verdict_place = st.container()

    with st.container(border=True):
        target = choose_target()
        st.caption(target.why)
        limits_place = st.container()
        condition = choose_condition(entry.document, target)
        table = table_of(entry.document, condition)
        with limits_place:
            limits, preference = choose_limits(table, target)
        st.caption(words.time_caveat(entry.document.machine))

    decision = decide(table, target, limits, preference)
    with verdict_place:
        show_verdict(decision, table)
    show_reasons(decision, flips(table, limits, preference))
    show_caveats(caveats(entry.document, table))

    st.subheader(words.CHARTS, anchor=False, help=explain_each("Pareto front", "95% interval"))
    show_legend(table)
    palette = palette_of_theme()
    for column, cost in zip(st.columns(2, gap="medium"), ("size", "latency"), strict=True):
        with column:
            figure = tradeoff_figure(decision, table, cost, palette)
            show_chart(figure, tradeoff_alt(decision, table, cost), f"chart-{cost}")
    st.caption(words.CHARTS_CAPTION_CROWDED if is_crowded(table) else words.CHARTS_CAPTION)

    entries = pros_and_cons(table, limits, preference)
    if entries:
        st.subheader(words.PROS_AND_CONS, anchor=False)
        show_pros_and_cons(entries)
    gains = gains_of(table)
    if gains:
        st.subheader(words.GAINS_OF_TEACHER, anchor=False)
        st.markdown(gains_in_words(gains))
        show_chart(gains_figure(gains, palette), gains_alt(gains), "chart-gains")
        st.caption(words.GAINS_CAPTION)
    explained = why_fast(entry.document, table)
    if explained:
        st.subheader(words.WHY_FAST, anchor=False)
        show_list([" ".join(sentences) for sentences in explained.values()])
        show_way_inside(entry)

    st.subheader(words.CANDIDATES, anchor=False)
    st.caption(words.CANDIDATES_CAPTION)
    show_table(entry.document, table, decision)

    st.subheader(words.DOWNLOADS, anchor=False, help=explain("ONNX"))
    st.caption(words.DOWNLOADS_CAPTION)
    show_files(entry)
    show_downloads(entry, decision, table)
