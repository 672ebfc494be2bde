import re

import pytest

from compression.report.glossary import TERMS, explain, terms_in
from tests.constructed import SUBJECT


def test_a_term_that_is_not_in_the_glossary_cannot_be_explained() -> None:
    with pytest.raises(KeyError):
        explain("Magic")


def test_the_words_of_a_text_bring_those_that_explain_them() -> None:
    found = dict(terms_in("Logits are not quantized.", subject=SUBJECT))

    assert "Logits" in found
    assert "Quantization" not in found, "another word"
    assert "Class" in found, "which the explanation of logits uses"
    assert found["Logits"] == explain("Logits")
    assert "McNemar's test" in dict(terms_in("", "McNemar's test", subject=SUBJECT))
    assert terms_in("Nothing to explain.", subject=SUBJECT) == ()


def test_explanations_are_one_to_three_whole_sentences() -> None:
    for term, meaning in TERMS.items():
        assert meaning[0].isupper(), term
        assert meaning.endswith("."), term
        assert 1 <= len(re.findall(r"\.(?: |$)", meaning)) <= 3, term
