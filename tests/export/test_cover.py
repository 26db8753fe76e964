"""Covers are decoded by FFmpeg's libraries (PyAV), which did not make them, and seen by pixels."""

import contextlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path

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


def picture(found: Cover) -> Image.Image:
    return Image.open(io.BytesIO(found.data))


def decoded(found: Cover) -> tuple[str, int, int]:
    """Codec and size, after every pixel has been decoded by FFmpeg's libraries."""
    with av.open(io.BytesIO(found.data)) as file:
        stream = file.streams.video[0]
        frame = next(file.decode(stream))
        return stream.codec_context.name, frame.width, frame.height


def inked(found: Cover, box: tuple[int, int, int, int]) -> bool:
    """Whether anything stands out from the ground within a box, in hundredths of the side."""
    grey = picture(found).convert("L")
    unit = grey.width / 100
    low, high = grey.crop(tuple(int(each * unit) for each in box)).getextrema()
    return high - low > 60


HEAD, FOOT = (5, 38, 95, 80), (5, 82, 95, 95)
MARGINS = ((0, 0, 8, 100), (92, 0, 100, 100), (0, 94, 100, 100))


@pytest.mark.parametrize("title", TITLES)
def test_a_drawn_cover_is_what_shops_ask_for(title: str) -> None:
    """A square JPEG of 2400 pixels and a moderate size, that another decoder reads."""
    found = cover.draw(title, "A. Person")
    assert (found.mime, found.width, found.height) == ("image/jpeg", 2400, 2400)
    assert decoded(found) == ("mjpeg", 2400, 2400)
    assert picture(found).mode == "RGB"
    assert 20_000 < len(found.data) < 400_000


def test_the_same_words_are_the_same_bytes() -> None:
    assert cover.draw("Quay", "A. Person") == cover.draw("Quay", "A. Person")
    assert cover.draw("Quay", "A. Person").data != cover.draw("Lamp", "A. Person").data


def test_title_and_author_are_on_it() -> None:
    assert inked(cover.draw("Quay", "A. Person", 600), HEAD)
    assert inked(cover.draw("Quay", "A. Person", 600), FOOT)
    assert not inked(cover.draw("Quay", None, 600), FOOT)
    assert not inked(cover.draw("\U0010ffff", None, 600), HEAD)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.none() | st.text(max_size=80))
@example("\ud800", "\udfff")
@example("x" * 2000, "y " * 500)
@example("i" * 2000, "\0")
@example("é̂" * 30, "ﷺ" * 20)
def test_any_words_can_be_drawn_within_the_margins(title: str, author: str | None) -> None:
    found = cover.draw(title, author, 300)
    assert decoded(found) == ("mjpeg", 300, 300)
    assert not any(inked(found, margin) for margin in MARGINS)


@pytest.mark.parametrize("text", ["Brontë", "Łódź", "Œuvres", "«½»", "日本", "a\U0010ffffb", "🎭!"])
@pytest.mark.parametrize("face", [Typeface(None), face_for("é", "Semibold")])
def test_no_box_is_drawn(face: Typeface, text: str) -> None:
    """What a face leaves of a text has glyphs of its own, other than that of a missing one."""
    font = face.at(40)
    missing = bytes(font.getmask("\U0010ffff"))
    assert all(c == " " or bytes(font.getmask(c)) != missing for c in face.drawable(text))


def test_an_accent_is_lost_before_its_letter() -> None:
    """Pillow's own face has ASCII and little more."""
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
    """Saves a picture of 40 x 30 pixels, its left half red."""

    def save(name: str, mode: str = "RGB", **options: object) -> Path:
        made = Image.new("RGB", (40, 30), "white")
        made.paste("red", (0, 0, 20, 30))
        made.convert(mode).save(tmp_path / name, **options)  # type: ignore[arg-type]
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


def test_a_picture_is_known_by_its_content(saved: Callable[..., Path]) -> None:
    path = saved("a.png")
    assert cover.read(path.rename(path.with_suffix(".jpg"))).mime == "image/png"


@pytest.mark.parametrize("name", ["a.webp", "a.gif", "a.bmp", "a.tiff", "a.avif"])
def test_other_formats_become_jpeg(name: str, saved: Callable[..., Path]) -> None:
    found = cover.read(saved(name))
    assert (found.mime, *decoded(found)) == ("image/jpeg", "mjpeg", 40, 30)
    red, green, _ = picture(found).getpixel((5, 15))  # type: ignore[misc]
    assert red > 230
    assert green < 40


def test_cmyk_becomes_rgb(saved: Callable[..., Path]) -> None:
    """Players show CMYK in false colours or not at all."""
    found = cover.read(saved("a.jpg", "CMYK"))
    assert (picture(found).mode, found.mime) == ("RGB", "image/jpeg")


def test_a_photo_is_set_upright(saved: Callable[..., Path]) -> None:
    """Players know nothing of the EXIF tag that turns it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    found = cover.read(saved("a.jpg", exif=exif))
    assert (found.width, found.height) == (30, 40) == picture(found).size
    assert picture(found).getexif().get(0x0112, 1) == 1


def test_what_is_transparent_in_webp_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(tmp_path / "a.webp", lossless=True)
    assert picture(cover.read(tmp_path / "a.webp")).getpixel((4, 4)) == (255, 255, 255)


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG that claims a size, and no pixels (PNG specification, 11.2.2)."""
    body = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    chunk = (13).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not a picture"),
        (b"not a picture at all", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (png_of(50_000, 50_000), "over 8000 pixels"),
        (png_of(9_000, 9_000), "over 8000 pixels"),
        (png_of(100, 100), "damaged or cut short"),
        (bytes(15_000_001), "over 15 MB"),
    ],
    ids=["empty", "text", "svg", "bomb", "huge", "hollow", "heavy"],
)
def test_what_is_no_cover_is_refused_in_words(data: bytes, told: str, tmp_path: Path) -> None:
    """The message names the file, what is wrong, and what to do."""
    path = tmp_path / "cover.png"
    path.write_bytes(data)
    with pytest.raises(EncodeError, match=rf"cover\.png: the cover .*{told}.*; save it"):
        cover.read(path)


def test_a_path_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="is not there; give the path"):
        cover.read(tmp_path / "none.jpg")
    with pytest.raises(EncodeError, match="is not a file"):
        cover.read(tmp_path)
    with pytest.raises(EncodeError, match="is not a file"):
        cover.read(Path("/dev/null"))


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_a_moving_picture_is_refused(name: str, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    with pytest.raises(EncodeError, match=r"moves or holds several pictures; save one"):
        cover.read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_picture_cut_short_is_refused(name: str, tmp_path: Path) -> None:
    """Its head is whole and its size known, so that only decoding tells."""
    path = tmp_path / name
    Image.effect_noise((200, 200), 80).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(EncodeError, match="damaged or cut short; save it anew"):
        cover.read(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tiff"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    share=st.floats(0, 1),
)
def test_damage_brings_up_no_library_error(
    name: str, changes: list[tuple[float, int]], share: float, saved: Callable[..., Path]
) -> None:
    path = saved(name)
    data = bytearray(path.read_bytes())
    for at, byte in changes:
        data[int(at * (len(data) - 1))] = byte
    path.write_bytes(data[: int(share * len(data))])
    with contextlib.suppress(EncodeError):  # any other error fails
        found = cover.read(path)
        assert found.width > 0
        assert found.height > 0
