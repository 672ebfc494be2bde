"""One file of a study with all that running it takes: what people carry off. Torch-free."""

import io
import zipfile

from compression.errors import UnknownName, UsageError
from compression.modalities.choose import CATALOG, Catalog
from compression.records.study import Candidate
from compression.report.model_card import model_card
from compression.store.library import LibraryEntry


def take_away(entry: LibraryEntry, candidate: Candidate, catalog: Catalog = CATALOG) -> bytes:
    """A zip with ``model.onnx``, ``README.md`` (the model card), ``labels.txt`` and ``run.py``, in one folder.

    Without ``run.py`` where the dataset is not here any more, and how its examples are prepared not known. Raises
    UsageError for a file that was not kept.
    """
    document, file = entry.document, entry.artefact(candidate)
    if file is None:
        raise UsageError(
            f"{candidate.name} was not kept with this study; make it again with the command under Download."
        )
    texts = {
        "README.md": model_card(document, candidate),
        "labels.txt": "".join(f"{name}\n" for name in document.subject.classes),
    }
    try:
        card = catalog.card_for(document.study.model, document.study.dataset)
        texts["run.py"] = catalog.modality_of(card).run_script(card)
    except UnknownName:
        texts["README.md"] += f"- How {document.subject.nouns} are prepared for it is not known here any more.\n"
    folder = f"{document.study.model}-{candidate.id}"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(file, f"{folder}/model.onnx")
        for name, text in texts.items():
            packed.writestr(f"{folder}/{name}", text)
    return content.getvalue()
