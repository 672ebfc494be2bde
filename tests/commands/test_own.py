"""A folder of one's own becomes a dataset of the catalog, with all that real folders hold, and nothing is lost in
silence."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from compression.catalog.own.kept import own_card, own_cards
from compression.catalog.rows import dataset_card
from compression.commands.own import add_dataset
from compression.errors import UnknownName, UsageError
from compression.methods.modality import Asked
from compression.modalities.choose import modality_of
from tests.terminal import weigh_in, weigh_in_here

PHOTOS = Asked(name="photos", title="Photos", side=16)
COLOURS = {"krebs": (200, 40, 40), "Möwe": (40, 40, 200), "鯨": (40, 200, 40)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHIN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def photo(colour: tuple[int, int, int], number: int) -> Image.Image:
    """With spots of light and shade, so that no two are the same."""
    spots = np.array(colour) + np.random.default_rng(number).integers(-35, 35, (6, 5, 3))
    return Image.fromarray(np.clip(spots, 0, 255).astype(np.uint8)).resize((20, 24), Image.Resampling.BICUBIC)


def fill(folder: Path, each: int = 30) -> Path:
    for label, colour in COLOURS.items():
        (folder / label).mkdir(parents=True)
        for number in range(each):
            photo(colour, 1000 * len(label) + 100 * colour[0] + number).save(folder / label / f"{number}.png")
    return folder


def test_a_folder_of_classes_becomes_three_parts(tmp_path: Path) -> None:
    add_dataset(fill(tmp_path / "sea"), PHOTOS)

    card = dataset_card("photos")
    data = modality_of(card).load(card)
    assert card.classes == ("Möwe", "krebs", "鯨")
    assert [len(part) for part in (data.train, data.validation, data.test)] == [66, 6, 18]
    # Every class is in every part, and the colour of each is its own.
    for part in (data.train, data.validation, data.test):
        for label, name in enumerate(card.classes):
            means = part.inputs(np.flatnonzero(part.labels == label))["images"].mean(axis=(0, 2, 3))
            assert int(means.argmax()) == int(np.argmax(COLOURS[name]))


def test_parts_that_somebody_made_stay(tmp_path: Path) -> None:
    for part, each in (("train", 10), ("val", 4)):
        fill(tmp_path / "sea" / part, each)
        # Else the second part would show what the first shows.
        for file in (tmp_path / "sea" / part).rglob("*.png"):
            image = Image.open(file).rotate(90 if part == "val" else 0, expand=True)
            image.save(file)
    add_dataset(tmp_path / "sea", PHOTOS)

    data = modality_of(dataset_card("photos")).load(dataset_card("photos"))
    # What is called validation is the test, and validation is held out of the training.
    assert [len(part) for part in (data.train, data.validation, data.test)] == [27, 3, 12]


def test_what_is_left_out_is_said_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(tmp_path / "sea")
    (folder / "krebs" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    (folder / "krebs" / "empty.png").touch()
    (folder / "krebs" / "notes.txt").write_text("crabs")
    (folder / "krebs" / ".DS_Store").write_bytes(b"\0")
    (folder / "readme.md").write_text("my photos")
    add_dataset(folder, PHOTOS)

    told = capsys.readouterr().out
    assert "Left out, 1: it is damaged, or breaks off: krebs/broken.jpg" in told or "it is not an image" in told
    assert "it is empty: krebs/empty.png" in told
    assert "krebs/notes.txt" in told
    assert "it is the system's: krebs/.DS_Store" in told
    assert "it lies in no class's folder: readme.md" in told


def test_an_image_that_is_there_twice_never_teaches_and_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("train", "test"):
        fill(tmp_path / "sea" / part, 12)
    # Smaller, and stored with losses: still the same.
    for file in (tmp_path / "sea" / "test").rglob("*.png"):
        Image.open(file).resize((18, 22)).save(file.with_suffix(".jpg"), quality=90)
        file.unlink()
    folder = tmp_path / "sea" / "train" / "krebs"
    photo(COLOURS["krebs"], 5).save(folder / "only here.png")
    for label, number in (("Möwe", 6), ("鯨", 7), ("krebs", 8), ("Möwe", 9), ("鯨", 10)):
        photo(COLOURS[label], number).save(tmp_path / "sea" / "train" / label / f"only {number}.png")
    add_dataset(tmp_path / "sea", PHOTOS)

    card = dataset_card("photos")
    assert (card.train_examples, card.test_examples) == (6, 36)
    assert "and that is for the test" in capsys.readouterr().out


def zipped(folder: Path) -> Path:
    path = folder.parent / "sea.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, Path("outer") / file.relative_to(folder))
        archive.writestr("__MACOSX/._0.png", b"\0")
        archive.writestr("../../outside.png", b"\0")
    return path


def tabled(folder: Path, column: str = "file_name") -> Path:
    lines = [f"{file.relative_to(folder)},{file.parent.name}" for file in sorted(folder.rglob("*.png"))]
    path = folder / "labels.csv"
    path.write_text("\n".join([f"{column},label", *lines, "gone.png,krebs", "../../secret.png,krebs", "x.png,"]))
    return path


@pytest.mark.parametrize(
    "bring", [zipped, tabled, lambda folder: tabled(folder, "photo").parent], ids=["zip", "csv", "folder"]
)
def test_the_same_comes_of_an_archive_and_of_a_table(bring: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = fill(tmp_path / "sea")
    add_dataset(folder, PHOTOS)
    with pytest.raises(UsageError, match="in the catalog already, as 'photos'"):
        add_dataset(bring(folder), Asked(name="again", title="Again", side=16))

    assert [card.name for card in own_cards()] == ["photos"]
    assert not (tmp_path / "outside.png").exists()


def test_nothing_is_left_of_what_cannot_be_studied(tmp_path: Path, home: Path) -> None:
    (tmp_path / "one" / "class").mkdir(parents=True)
    photo((9, 9, 9), 0).save(tmp_path / "one" / "class" / "0.png")
    with pytest.raises(UsageError, match="it has 1 class"):
        add_dataset(tmp_path / "one", PHOTOS)

    assert own_card("photos") is None
    assert list((home / "datasets").iterdir()) == []


def test_on_the_command_line_it_is_added_listed_and_removed(tmp_path: Path, home: Path) -> None:
    added = weigh_in("add-dataset", str(fill(tmp_path / "sea")), "--name", "photos", home=home)
    assert added.returncode == 0, added.stderr
    assert "66 images to learn from, 6 to choose by and 18 to test with, in 3 classes" in added.stdout
    assert "With 18 images to test with" in added.stdout

    assert "photos" in weigh_in_here("datasets", home=home).stdout
    assert weigh_in_here("remove-dataset", "photos", home=home).returncode == 0
    assert "photos" not in weigh_in_here("datasets", home=home).stdout
    again = weigh_in_here("remove-dataset", "photos", home=home)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    with pytest.raises(UnknownName):
        dataset_card("photos")
