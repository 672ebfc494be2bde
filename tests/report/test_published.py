from compression.catalog.rows import DATASETS
from compression.report.published import published_results


def test_what_others_report_comes_with_its_source_and_is_of_a_dataset_of_the_catalog() -> None:
    for card in DATASETS:
        published = published_results(card.name)
        assert published is not None
        assert published.dataset == card.name
        assert published.address.startswith("https://")
        assert all(result.by for result in published.results)


def test_of_another_dataset_nothing_is_told() -> None:
    assert published_results("nonsense") is None
