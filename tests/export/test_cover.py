"""Covers, decoded by FFmpeg's libraries (PyAV), which did not write them, and by their pixels."""

import contextlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from pipeline.core.errors import EncodeError
from pipeline.export import cover
from pipeline.export.cover.image import Cover
from pipeline.export.cover.typefaces import Typeface, face_for

LONG = (
    "The Whole and Unshortened History of the Lamp upon the Quay, with an Account of Those Who "
    "Lit It, Those Who Let It Go Out, and the Boat That Came at Last"
)
TITLES = (
    "Quay",
    "The Lamp on the Quay",
    LONG,
    "Æthelflæd: Été",
    "Лодка",
    "船と灯",
    "🎭",
    "A word and " * 40,
)


def picture(image: Cover) -> Image.Image:
    return Image.open(io.BytesIO(image.data))


def decoded(image: Cover) -> tuple[str, int, int]:
    """Codec and size, after every pixel has been decoded by FFmpeg's libraries."""
    with av.open(io.BytesIO(image.data)) as file:
        stream = file.streams.video[0]
        frame = next(file.decode(stream))
        return stream.codec_context.name, frame.width, frame.height


def has_content(image: Cover, box: tuple[int, int, int, int]) -> bool:
    """Whether anything stands out from the background in a box, in hundredths of the side."""
    grey = picture(image).convert("L")
    unit = grey.width / 100
    low, high = grey.crop(tuple(int(edge * unit) for edge in box)).getextrema()
    return high - low > 60


TITLE, AUTHOR = (5, 38, 95, 80), (5, 82, 95, 95)
MARGINS = ((0, 0, 8, 100), (92, 0, 100, 100), (0, 94, 100, 100))


@pytest.mark.parametrize("title", TITLES)
def test_a_drawn_cover_meets_the_requirements_of_shops(title: str) -> None:
    """A square JPEG of 2400 pixels and a moderate size, which another decoder reads."""
    image = cover.draw(title, "A. Person")
    assert (image.mime, image.width, image.height) == ("image/jpeg", 2400, 2400)
    assert decoded(image) == ("mjpeg", 2400, 2400)
    assert picture(image).mode == "RGB"
    assert 20_000 < len(image.data) < 400_000


def test_the_same_words_give_the_same_bytes() -> None:
    assert cover.draw("Quay", "A. Person") == cover.draw("Quay", "A. Person")
    assert cover.draw("Quay", "A. Person").data != cover.draw("Lamp", "A. Person").data


def test_title_and_author_are_drawn() -> None:
    assert has_content(cover.draw("Quay", "A. Person", 600), TITLE)
    assert has_content(cover.draw("Quay", "A. Person", 600), AUTHOR)
    assert not has_content(cover.draw("Quay", None, 600), AUTHOR)
    assert not has_content(cover.draw("\U0010ffff", None, 600), TITLE)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.none() | st.text(max_size=80))
@example("\ud800", "\udfff")
@example("x" * 2000, "y " * 500)
@example("i" * 2000, "\0")
@example("é̂" * 30, "ﷺ" * 20)
def test_any_words_can_be_drawn_within_the_margins(title: str, author: str | None) -> None:
    image = cover.draw(title, author, 300)
    assert decoded(image) == ("mjpeg", 300, 300)
    assert not any(has_content(image, margin) for margin in MARGINS)


@pytest.mark.parametrize("text", ["Brontë", "Łódź", "Œuvres", "«½»", "日本", "a\U0010ffffb", "🎭!"])
@pytest.mark.parametrize("face", [Typeface(None), face_for("é", "Semibold")])
def test_no_glyph_for_missing_characters_is_drawn(face: Typeface, text: str) -> None:
    """What a typeface can draw of a text has no glyph for missing characters."""
    font = face.at(40)
    missing = bytes(font.getmask("\U0010ffff"))
    assert all(c == " " or bytes(font.getmask(c)) != missing for c in face.drawable(text))


def test_a_letter_loses_its_accent_rather_than_being_left_out() -> None:
    """Pillow's own typeface has ASCII and little more."""
    assert isinstance(Typeface(None).at(40), ImageFont.FreeTypeFont)
    assert Typeface(None).drawable("Charlotte Brontë, naïve") == "Charlotte Bronte, naive"
    assert Typeface(None).drawable("漢 the 🎭 play") == "the play"


def test_source_serif_has_the_letters_of_europe() -> None:
    pytest.importorskip("font_source_serif_pro", reason="the typeface is not installed")
    for text in ("Æthelflæd: Été", "Žižek, Łódź, Őrség", "Война и мир", "Ελλάδα", "Tiếng Việt"):
        face = face_for(text, "Semibold")
        assert "SourceSerif" in str(face.file)
        assert face.drawable(text) == text


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """A function that saves a picture of 40 x 30 pixels, its left half red."""

    def save(name: str, mode: str = "RGB", **options: object) -> Path:
        drawn = Image.new("RGB", (40, 30), "white")
        drawn.paste("red", (0, 0, 20, 30))
        drawn.convert(mode).save(tmp_path / name, **options)  # type: ignore[arg-type]
        return tmp_path / name

    return save


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.jpg", "RGB"), ("a.jpg", "L"), ("a.png", "RGB"), ("a.png", "RGBA"), ("a.png", "P")],
)
def test_jpeg_and_png_are_kept_byte_for_byte(
    name: str, mode: str, saved: Callable[..., Path]
) -> None:
    path = saved(name, mode)
    mime = {".jpg": "image/jpeg", ".png": "image/png"}[path.suffix]
    assert cover.read(path) == Cover(path.read_bytes(), mime, 40, 30)


def test_the_type_of_a_picture_is_that_of_its_content(saved: Callable[..., Path]) -> None:
    path = saved("a.png")
    assert cover.read(path.rename(path.with_suffix(".jpg"))).mime == "image/png"


@pytest.mark.parametrize("name", ["a.webp", "a.gif", "a.bmp", "a.tiff", "a.avif"])
def test_other_formats_become_jpeg(name: str, saved: Callable[..., Path]) -> None:
    image = cover.read(saved(name))
    assert (image.mime, *decoded(image)) == ("image/jpeg", "mjpeg", 40, 30)
    red, green, _ = picture(image).getpixel((5, 15))  # type: ignore[misc]
    assert red > 230
    assert green < 40


def test_cmyk_becomes_rgb(saved: Callable[..., Path]) -> None:
    """Players show CMYK in wrong colours or not at all."""
    image = cover.read(saved("a.jpg", "CMYK"))
    assert (picture(image).mode, image.mime) == ("RGB", "image/jpeg")


def test_a_photo_is_rotated_upright(saved: Callable[..., Path]) -> None:
    """Players ignore the EXIF tag for it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = cover.read(saved("a.jpg", exif=exif))
    assert (image.width, image.height) == (30, 40) == picture(image).size
    assert picture(image).getexif().get(0x0112, 1) == 1


def test_transparent_pixels_of_webp_become_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(tmp_path / "a.webp", lossless=True)
    assert picture(cover.read(tmp_path / "a.webp")).getpixel((4, 4)) == (255, 255, 255)


def png_of(width: int, height: int) -> bytes:
    """The header of a PNG of some size without its pixels (PNG specification, 11.2.2)."""
    body = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    chunk = (13).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a readable picture"),
        (b"not a picture at all", "not a readable picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a readable picture"),
        (png_of(50_000, 50_000), "over 8000 pixels"),
        (png_of(9_000, 9_000), "over 8000 pixels"),
        (png_of(100, 100), "damaged or truncated"),
        (bytes(15_000_001), "over 15 MB"),
    ],
    ids=["empty", "text", "svg", "bomb", "huge", "hollow", "heavy"],
)
def test_an_unusable_cover_is_rejected(data: bytes, message: str, tmp_path: Path) -> None:
    """The message names the file, what is wrong, and what to do."""
    path = tmp_path / "cover.png"
    path.write_bytes(data)
    with pytest.raises(EncodeError, match=rf"cover\.png: the cover .*{message}.*; save it"):
        cover.read(path)


def test_a_path_without_a_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="does not exist; give the path"):
        cover.read(tmp_path / "none.jpg")
    with pytest.raises(EncodeError, match=r"is not a (regular )?file"):
        cover.read(tmp_path)
    with pytest.raises(EncodeError, match=r"is not a (regular )?file"):
        cover.read(Path("/dev/null"))


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_an_animation_is_rejected(name: str, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    with pytest.raises(EncodeError, match=r"is animated or holds several pictures; save one"):
        cover.read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_truncated_picture_is_rejected(name: str, tmp_path: Path) -> None:
    """Its header is intact, so that only decoding shows it."""
    path = tmp_path / name
    Image.effect_noise((200, 200), 80).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(EncodeError, match="damaged or truncated; save it again"):
        cover.read(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tiff"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    share=st.floats(0, 1),
)
def test_a_damaged_picture_raises_no_library_error(
    name: str, changes: list[tuple[float, int]], share: float, saved: Callable[..., Path]
) -> None:
    path = saved(name)
    data = bytearray(path.read_bytes())
    for place, byte in changes:
        data[int(place * (len(data) - 1))] = byte
    path.write_bytes(data[: int(share * len(data))])
    with contextlib.suppress(EncodeError):  # any other error fails
        image = cover.read(path)
        assert image.width > 0
        assert image.height > 0


def test_a_cover_that_came_with_a_book_is_as_one_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "front.png"
    Image.new("RGB", (30, 40), "navy").save(path)
    assert cover.from_bytes(path.read_bytes(), tmp_path / "book.epub") == cover.read(path)
    with pytest.raises(EncodeError, match=r"book\.epub: the cover is not a readable picture"):
        cover.from_bytes(b"no picture", tmp_path / "book.epub")


@pytest.mark.parametrize(("mode", "form"), [("RGB", "JPEG"), ("RGB", "PNG"), ("CMYK", "JPEG")])
def test_large_pictures_are_handled_small(
    mode: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only one step, decoding a PNG, has all pixels at once."""
    path = tmp_path / f"large.{form.lower()}"
    Image.new(mode, (6_000, 5_000), (90, 120, 30, 0)[: len(mode)]).save(path, form)
    converted: list[tuple[int, int]] = []
    convert = Image.Image.convert

    def noted(picture: Image.Image, *args: Any, **kwargs: Any) -> Image.Image:
        converted.append(picture.size)
        return convert(picture, *args, **kwargs)

    monkeypatch.setattr(Image.Image, "convert", noted)
    read = cover.read(path)
    square = cover.square(read)
    assert (square.width, square.height) == (2400, 2400)
    assert max(max(size) for size in converted) <= 3_000
    assert (read.width, read.height) == ((3_000, 2_500) if mode == "CMYK" else (6_000, 5_000))
