"""Every kind of image file that real folders hold is read as people see it, or left out for a reason that is true."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from compression.errors import ExampleNotUsable
from compression.modalities.image.decoding import read_image

# Left half red, right half blue: what turns an image, or takes one colour for another, shows.
LEFT, RIGHT = (250, 10, 10), (10, 10, 250)


def two_halves(width: int = 40, height: int = 20) -> Image.Image:
    image = Image.new("RGB", (width, height), RIGHT)
    image.paste(LEFT, (0, 0, width // 2, height))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> BytesIO:
    file = BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def is_two_halves(image: Image.Image, tolerance: int = 60) -> bool:
    pixels = np.asarray(image.convert("RGB")).astype(int)
    height, width = pixels.shape[:2]
    left, right = pixels[height // 2, width // 4], pixels[height // 2, 3 * width // 4]
    return bool(np.abs(left - LEFT).max() <= tolerance and np.abs(right - RIGHT).max() <= tolerance)


def turned_by_its_camera() -> BytesIO:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees to look at it
    return saved(two_halves().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)


def animated() -> BytesIO:
    return saved(two_halves(), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 20), "green")])


KINDS: dict[str, Callable[[], BytesIO]] = {
    "a JPEG": lambda: saved(two_halves(), "JPEG", quality=95),
    "one that its camera turned": turned_by_its_camera,
    "one for print, in four inks": lambda: saved(two_halves().convert("CMYK"), "JPEG", quality=95),
    "a palette": lambda: saved(two_halves().quantize(4), "PNG"),
    "alpha": lambda: saved(two_halves().convert("RGBA"), "PNG"),
    "an animation": animated,
    "a WebP": lambda: saved(two_halves(), "WEBP", quality=95),
    "a TIFF": lambda: saved(two_halves(), "TIFF"),
    "a BMP": lambda: saved(two_halves(), "BMP"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_as_people_see_it(kind: str) -> None:
    image = read_image(KINDS[kind](), 3)

    assert (image.mode, image.size) == ("RGB", (40, 20))
    assert is_two_halves(image)


def test_sixteen_bits_keep_their_shades() -> None:
    shades = np.linspace(0, 2**16 - 1, 256).astype(np.uint16).reshape(16, 16)
    image = read_image(saved(Image.fromarray(shades), "PNG"), 1)

    assert np.array_equal(np.asarray(image), (shades >> 8).astype(np.uint8))


def test_grey_stands_beside_colour() -> None:
    grey = read_image(saved(Image.new("L", (3, 3), 77), "PNG"), 3)
    black_or_white = read_image(saved(Image.new("1", (3, 3), 1), "PNG"), 3)

    assert np.asarray(grey).tolist() == [[[77, 77, 77]] * 3] * 3
    assert np.asarray(black_or_white).max() == 255


def test_a_single_pixel_is_an_image() -> None:
    assert read_image(saved(Image.new("RGB", (1, 1)), "PNG"), 3).size == (1, 1)


def test_a_hundred_megapixels_are_read_at_about_the_size_that_is_needed() -> None:
    large = saved(Image.new("L", (10_000, 10_000), 128), "JPEG")

    assert max(read_image(large, 1, about=(224, 224)).size) < 3000


def bomb() -> BytesIO:
    """A few bytes that claim to be 20,000 x 20,000 pixels."""
    content = bytearray(saved(Image.new("L", (2, 2)), "BMP").getvalue())
    content[18:26] = (20_000).to_bytes(4, "little") * 2
    return BytesIO(bytes(content))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: BytesIO(b""), "it is empty"),
        (lambda: BytesIO(b"version https://git-lfs.github.com/spec/v1\n"), "it is not an image"),
        (lambda: BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "it is not an image"),
        (lambda: BytesIO(saved(two_halves(400, 400), "PNG").getvalue()[:300]), "it is damaged, or breaks off"),
        (lambda: BytesIO(saved(two_halves(400, 400), "JPEG").getvalue()[:700]), "it is damaged, or breaks off"),
        (bomb, "it has more than 179 million pixels"),
        (lambda: saved(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF"), "its pixels are fractions"),
        (lambda: saved(Image.fromarray(np.full((4, 4), 2**20, np.int32)), "TIFF"), "its pixels have more than 16"),
    ],
)
def test_what_is_no_image_is_left_out_for_a_reason(file: Callable[[], BytesIO], reason: str) -> None:
    with pytest.raises(ExampleNotUsable) as told:
        read_image(file(), 3)

    assert told.value.because.startswith(reason)


def test_a_wrong_extension_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(saved(two_halves(), "JPEG", quality=95).getvalue())

    assert is_two_halves(read_image(file, 3))


def test_any_cut_through_a_file_is_read_or_refused() -> None:
    for make in KINDS.values():
        content = make().getvalue()
        for end in range(0, len(content), max(1, len(content) // 25)):
            try:
                read_image(BytesIO(content[:end]), 3)
            except ExampleNotUsable as refused:
                assert refused.because
