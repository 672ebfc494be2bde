"""Studies from before they kept what they were about are read, from their files and from stores."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from compression.store.library import document_of, older_subject, read_document
from compression.store.studies import Store
from tests import constructed

FOLDER = Path(__file__).parent
STUDY = FOLDER / "study-of-format-1.json"
QUESTION = ("model", "dataset", "preset", "seed", "options")


def older_store(home: Path, **changed: str) -> dict[str, Any]:
    """A store as the code of that version wrote it, with the study of the file, which it returns."""
    found = json.loads(STUDY.read_text())
    study = found["study"] | changed
    created = datetime.fromisoformat(study["created"]).timestamp()
    question = json.dumps({key: study[key] for key in QUESTION})
    with closing(sqlite3.connect(home / "studies.sqlite")) as connection, connection:
        connection.executescript((FOLDER / "store-of-version-1.sql").read_text())
        connection.execute(
            "INSERT INTO studies VALUES (?, ?, 'completed', ?, ?, ?, ?, ?, NULL, ?, ?, 0, 7, 1.0)",
            (
                study["id"],
                created,
                question,
                *(json.dumps(found[key]) for key in ("machine", "pairs", "timing", "verdict")),
                created,
                created + study["seconds"],
            ),
        )
        connection.executemany(
            "INSERT INTO candidates (study, id, record) VALUES (?, ?, ?)",
            [(study["id"], each["id"], json.dumps(each)) for each in found["candidates"]],
        )
        connection.execute("INSERT INTO layers VALUES (?, ?)", (study["id"], json.dumps(found["layers"])))
    return found | {"study": study}


def test_a_file_without_a_subject_is_read_with_the_one_that_its_names_stand_for() -> None:
    document = read_document(STUDY)
    assert "subject" not in json.loads(STUDY.read_text())
    assert document.subject.title == "MobileNetV2 on Fashion-MNIST"
    assert document.subject == constructed.SUBJECT.model_copy(update={"model_title": "MobileNetV2"})
    assert [candidate.id for candidate in document.candidates][:2] == ["original", "int8-ptq"]


def test_a_file_with_a_subject_keeps_it(tmp_path: Path) -> None:
    own = constructed.SUBJECT.model_copy(update={"dataset_title": "Fashion-MNIST, second edition"})
    document = read_document(STUDY).model_copy(update={"subject": own})
    (tmp_path / "study.json").write_text(document.model_dump_json())
    assert read_document(tmp_path / "study.json") == document


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    for content in ("[]", "{}", '{"study": {"model": 1}}'):
        (tmp_path / "study.json").write_text(content)
        with pytest.raises(ValidationError):
            read_document(tmp_path / "study.json")


def test_a_store_of_the_first_version_is_read_as_its_file_is(tmp_path: Path) -> None:
    written = older_store(tmp_path)
    document, from_file = document_of(Store(tmp_path), written["study"]["id"]), read_document(STUDY)
    assert document.candidates == from_file.candidates
    assert document.subject == from_file.subject
    assert (document.pairs, document.timing, document.layers) == (from_file.pairs, from_file.timing, from_file.layers)
    assert document.verdict == from_file.verdict


def test_a_store_of_the_first_version_takes_new_studies(tmp_path: Path) -> None:
    written = older_store(tmp_path)
    store = Store(tmp_path)
    study = store.add(read_document(STUDY).study)
    assert store.results.subject(study.id) is None
    store.results.set_subject(study.id, constructed.SUBJECT)
    assert document_of(store, study.id).subject == constructed.SUBJECT
    store.delete(study.id)
    assert store.results.subject(study.id) is None
    assert store.study(written["study"]["id"]).state == "completed"


def test_an_older_study_of_unknown_names_has_the_bare_names_and_speaks_of_examples(tmp_path: Path) -> None:
    written = older_store(tmp_path, model="their-net", dataset="bird-song")
    subject = document_of(Store(tmp_path), written["study"]["id"]).subject
    assert subject.title == "their-net on bird-song"
    assert (subject.counted(1), subject.counted(1200)) == ("1 example", "1,200 examples")
    assert (subject.classes, subject.inputs, subject.test_examples) == ((), (), None)


def test_an_unknown_model_on_a_known_dataset_leaves_what_is_known_of_the_dataset() -> None:
    subject = older_subject("their-net", "fashion-mnist")
    assert subject.title == "their-net on Fashion-MNIST"
    assert subject.noun == "image"
