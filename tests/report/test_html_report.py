import re
from html import unescape

from compression.records.measurements import Noise
from compression.report.glossary import explain
from compression.report.html_report import default_report_html
from tests.constructed import INT8, MEDIUM_INT8, ORIGINAL, candidate, document, usual_candidates
from tests.layers import usual_layers
from tests.pages.measured_study import TIMING, everything_measured


def without_plotly(report: str) -> str:
    """The report without the script of the chart library, which is long and full of addresses."""
    start = report.index("<script>")
    return report[:start] + report[report.index("</script>", start) :]


def test_the_report_says_the_verdict_and_lists_every_candidate() -> None:
    study = document(*usual_candidates())
    report = default_report_html(study)

    assert report is not None
    assert "Quantize it: 4.0" in report
    for one in study.candidates:
        assert f"<td>{one.name}</td>" in report


def test_the_caveat_and_the_answer_without_loss_stand_with_the_verdict() -> None:
    noise = Noise(engine="onnxruntime", batch=1, threads=1, ratios=(2.09,), smallest_difference=1.09)
    files = (
        candidate(ORIGINAL, size_bytes=44_000_000, accuracy=0.947, ms=1.5),
        candidate(INT8, size_bytes=11_000_000, accuracy=0.947, ms=0.8),
        candidate(MEDIUM_INT8, size_bytes=57_000, accuracy=0.928, ms=0.07),
    )
    report = default_report_html(document(*files, noise=(noise,)))

    assert report is not None
    assert "This computer was too busy to time anything: the same file&#39;s time varied by 109%." in report
    assert "Want no loss? Quantize it: 4.0" in report


def test_the_report_holds_what_was_measured_with_its_ranges_and_the_words_for_it() -> None:
    measured = [everything_measured(one, energy_joules=0.0123) for one in usual_candidates()]
    study = document(*measured).model_copy(update={"timing": TIMING})
    report = default_report_html(study)

    assert report is not None
    for cell in ("1.10\N{NO-BREAK SPACE}ms (1.08 to 1.16)", "12.3\N{NO-BREAK SPACE}mJ (11.1 to 14.8)"):
        assert f"<td>{cell}</td>" in report
    assert "<td>40\N{NO-BREAK SPACE}MB (39.7 to 40.3)</td><td>" in report.replace("</td>\n<td>", "</td><td>")
    assert "<td>95.7% (95.5 to 95.9)</td>" in report
    assert "others took the time of 0.02 cores" in report
    explained = unescape(report[report.index('class="words"') :])
    for term in ("95th percentile", "Energy", "Wilson interval", "Student"):
        assert f"<dt>{term}</dt><dd>{explain(term)}</dd>" in explained
    assert "<dt>NEON dotprod</dt>" not in explained, "a word that this report does not use"


def test_a_report_of_a_study_from_before_there_were_ranges_leaves_out_what_it_has_not() -> None:
    report = default_report_html(document(*usual_candidates()))

    assert report is not None
    assert "1.10\N{NO-BREAK SPACE}ms</td>" in report
    assert "Energy for one image" not in report
    assert "others took the time" not in report


def test_the_report_says_how_few_bits_it_takes_and_which_layers_are_fragile_where_that_is_known() -> None:
    study = document(*usual_candidates())
    plain, looked = (default_report_html(each) for each in (study, study.model_copy(update={"layers": usual_layers()})))

    assert plain is not None
    assert looked is not None
    for report in (plain, looked):
        assert "8 bits for each weight are enough to lose nothing that 10,000 test images can show." in report
        assert '<div class="chart" id="chart-bits"' in report
        assert '"bits": {"data"' in report
    assert "1 of 3 layers is fragile: it costs accuracy that 2,000 validation images can show" in looked
    assert '<div class="chart" id="chart-sensitivity"' in looked
    assert f"<dt>Sensitivity</dt><dd>{explain('Sensitivity')}</dd>" in unescape(looked)
    assert "fragile" not in without_plotly(plain)


def test_the_report_of_a_study_that_quantized_nothing_does_not_ask_how_few_bits_it_takes() -> None:
    original, *_ = usual_candidates()
    report = default_report_html(document(original))

    assert report is not None
    assert "How few bits" not in report


def test_the_report_loads_nothing_from_anywhere() -> None:
    report = default_report_html(document(*usual_candidates()))

    assert report is not None
    assert not re.search(r"""(src|href)\s*=|https?://|@import|url\(""", without_plotly(report))


def test_a_name_with_markup_in_it_is_shown_and_not_carried_out() -> None:
    original, *others = usual_candidates()
    evil = original.model_copy(update={"name": "</script><script>alert(1)</script>"})
    report = default_report_html(document(evil, *others))

    assert report is not None
    assert "<script>alert(1)" not in without_plotly(report)
    assert "&lt;script&gt;alert(1)" in report


def test_a_study_without_measurements_has_no_report() -> None:
    assert default_report_html(document(candidate(ORIGINAL, accuracy=None))) is None
