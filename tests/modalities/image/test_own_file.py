"""An image of one's own becomes one of the dataset's, or is refused in one sentence."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from compression.catalog.rows import FASHION_MNIST
from compression.errors import ExampleNotUsable
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import ImageExamples, load_images


def read(path: Path) -> ImageExamples:
    return ImageModality().read_one(path, FASHION_MNIST)


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def test_an_image_of_the_dataset_itself_stays_what_it_is(tmp_path: Path) -> None:
    test = load_images(FASHION_MNIST).test
    (tmp_path / "one.png").write_bytes(png_of(test.pixels[7]))

    assert np.array_equal(
        read(tmp_path / "one.png").inputs(slice(None))["images"], test.inputs(np.array([7]))["images"]
    )


def test_of_a_wide_one_the_middle_is_seen_in_its_proportions(tmp_path: Path) -> None:
    wide = Image.new("L", (400, 100), 0)
    wide.paste(255, (150, 0, 250, 100))
    pixels = read(saved(wide, tmp_path / "wide.png")).pixels

    assert pixels.shape == (1, 1, 28, 28)
    assert (pixels > 200).all()


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_colours_becomes_the_datasets(mode: str, tmp_path: Path) -> None:
    white = Image.new("L", (40, 40), 255)
    if mode == "I;16":
        white = Image.fromarray(np.full((40, 40), 65_535, np.uint16))
    elif mode != "LA":
        white = white.convert("RGB")
    path = saved(
        white if mode == "I;16" else white.convert(mode), tmp_path / ("it.tiff" if mode == "CMYK" else "it.png")
    )

    assert (read(path).pixels > 250).all()


def test_a_photograph_stands_upright_and_an_animation_shows_its_first_image(tmp_path: Path) -> None:
    # White above black, stored on its side as cameras do: 6 is "turn it by 90 degrees to the right".
    upright = Image.new("L", (200, 200), 0)
    upright.paste(255, (0, 0, 200, 100))
    turned = Image.Exif()
    turned[0x0112] = 6
    photograph = saved(upright.rotate(90), tmp_path / "photograph.jpg", exif=turned, quality=95)
    second = Image.new("L", (60, 60), 0)
    animation = saved(Image.new("L", (60, 60), 255), tmp_path / "moving.gif", save_all=True, append_images=[second])

    pixels = read(photograph).pixels[0, 0]
    assert pixels[:12].min() > 200
    assert pixels[16:].max() < 55
    assert (read(animation).pixels == 255).all()


def bomb() -> bytes:
    """A small file of 20,000 x 20,000 pixels."""
    content = BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")
    return content.getvalue()


def broken_off() -> bytes:
    content = BytesIO()
    Image.effect_noise((200, 200), 50).save(content, "PNG")
    return content.getvalue()[:5000]


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "it is empty"),
        (b"I am a letter, and no picture.", "not an image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not an image"),
        (b"<html><script>alert(1)</script></html>", "not an image"),
        (broken_off(), "it is damaged, or breaks off"),
        (bomb(), "million pixels"),
    ],
    ids=["empty", "text", "svg", "html", "broken off", "bomb"],
)
def test_what_is_no_image_is_refused_in_one_sentence(content: bytes, because: str, tmp_path: Path) -> None:
    (tmp_path / "sent.png").write_bytes(content)

    with pytest.raises(ExampleNotUsable, match=because):
        read(tmp_path / "sent.png")
