import re

from compression.report.html_report import default_report_html
from tests.constructed import ORIGINAL, candidate, document, usual_candidates


def without_plotly(report: str) -> str:
    """The report without the script of the chart library, which is long and full of addresses."""
    start = report.index("<script>")
    return report[:start] + report[report.index("</script>", start) :]


def test_the_report_says_the_verdict_and_lists_every_candidate() -> None:
    study = document(*usual_candidates())
    report = default_report_html(study)

    assert report is not None
    assert "Quantize it: int8 keeps 94.9% accuracy" in report
    for one in study.candidates:
        assert f"<td>{one.name}</td>" in report


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
