"""A cover as tags hold it, and the producer's picture read as one."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.core import paths
from pipeline.core.errors import EncodeError

MAX_BYTES = 15_000_000
"""The length of a FLAC picture has 24 bits, and no player benefits from more."""
MAX_PIXELS = 8000
"""The longest side of a cover."""
WORKING_PIXELS = 4800
"""The longest side at which a picture is handled: 8000 x 8000 take 192 MB in RGB, four times as
much on the way to a square, and no shop wants more than 3000."""
EMBEDDABLE = {"JPEG": "image/jpeg", "PNG": "image/png"}
"""What every container and player takes, by Pillow's name of the format."""
CONVERTED = ("WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
JPEG_QUALITY = 85
EXIF_ORIENTATION = 0x0112  # set by cameras when the picture has to be rotated


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture file: `data` of type `mime` (image/jpeg or image/png), its size in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


def read(path: Path) -> Cover:
    """Read the producer's cover.

    A JPEG or PNG goes into the book byte for byte. What players would show wrongly or not at all
    (CMYK, a photo that has to be rotated, WebP, GIF, BMP, TIFF, AVIF) is converted to JPEG, on
    white where it is transparent. Raises EncodeError unless the file is an intact still picture of
    at most 15 MB and 8000 pixels a side.
    """
    return from_bytes(_content(path), path)


def from_bytes(data: bytes, path: Path) -> Cover:
    """Return the picture in `data`, from the file at `path`, as `read` does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures, checked below
            return _cover(path, data)
    except EncodeError:
        raise
    except UnidentifiedImageError as error:
        raise _rejected(path, "is not a readable picture") from error
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except Exception as error:  # on a damaged file Pillow's parsers can raise anything
        raise _rejected(path, "is damaged or truncated") from error


def embedded_cover(data: bytes) -> Cover:
    """Return a picture found in an audio file as a cover; a damaged one has a size of 0 x 0."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return Cover(data, Image.MIME.get(picture.format or "", "image"), *picture.size)
    except Exception:  # on a damaged picture Pillow's parsers can raise anything
        return Cover(data, "image", 0, 0)


def jpeg(picture: Image.Image) -> Cover:
    """Return an RGB picture as a JPEG cover."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Cover(out.getvalue(), EMBEDDABLE["JPEG"], *picture.size)


def square(cover: Cover, side: int = 2400) -> Cover:
    """Return the cover as a square JPEG of `side` pixels, as shops require it.

    Another shape is not cropped: it gets margins in the colour of its left edge.
    """
    if cover.mime == EMBEDDABLE["JPEG"] and cover.width == cover.height == side:
        return cover
    flat = _flattened(_reduced(cover.data))
    edge = flat.crop((0, 0, 1, flat.height)).resize((1, 1), Image.Resampling.BOX)
    canvas = edge.resize((side, side))
    fitted = ImageOps.contain(flat, (side, side), Image.Resampling.LANCZOS)
    canvas.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return jpeg(canvas)


def _content(path: Path) -> bytes:
    if not paths.exists(path, EncodeError):
        raise _rejected(path, "does not exist", "give the path of a JPEG or PNG")
    if paths.is_folder(path, EncodeError):
        raise _rejected(path, "is not a file", "give the path of a JPEG or PNG")
    paths.refuse_special(path, EncodeError)
    try:
        if path.stat().st_size > MAX_BYTES:
            limit = f"is too large: over {MAX_BYTES // 1_000_000} MB"
            raise _rejected(path, limit, "save it smaller or as JPEG")
        return paths.read_bytes(path, MAX_BYTES, EncodeError)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise _rejected(path, what, "check its permissions") from error


def _cover(path: Path, data: bytes) -> Cover:
    with Image.open(io.BytesIO(data), formats=(*EMBEDDABLE, *CONVERTED)) as picture:
        if max(picture.size) > MAX_PIXELS:
            raise _too_large(path)
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "TIFF":
            raise _rejected(path, "is animated or holds several pictures", "save one of its frames")
        width, height = picture.size
        upright = picture.getexif().get(EXIF_ORIENTATION, 1) == 1
        if picture.format in EMBEDDABLE and picture.mode != "CMYK" and upright:
            picture.draft(None, (1, 1))  # a JPEG is decoded small, yet to its end
            picture.load()  # decodes it all, so that damage is noticed
            picture.close()  # frees it: the object may live on in a cycle
            return Cover(data, EMBEDDABLE[picture.format], width, height)
    return jpeg(_flattened(_reduced(data)))


def _reduced(data: bytes) -> Image.Image:
    """Decode a picture, upright and at most at the size at which it is handled."""
    with Image.open(io.BytesIO(data), formats=(*EMBEDDABLE, *CONVERTED)) as picture:
        picture.draft(None, (WORKING_PIXELS // 2, WORKING_PIXELS // 2))
        factor = -(-max(picture.size) // WORKING_PIXELS)
        palette = picture.mode in {"P", "1"}  # whose values cannot be averaged
        if factor == 1 or palette:
            return ImageOps.exif_transpose(picture)
        orientation = picture.getexif().get(EXIF_ORIENTATION, 1)
        small = picture.reduce(factor)
        picture.close()
    if orientation != 1:
        small.getexif()[EXIF_ORIENTATION] = orientation
    return ImageOps.exif_transpose(small)


def _flattened(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _too_large(path: Path) -> EncodeError:
    return _rejected(
        path, f"has over {MAX_PIXELS} pixels a side", "save it at 2400 x 2400, which is ample"
    )


def _rejected(path: Path, what: str, remedy: str = "save it again as JPEG or PNG") -> EncodeError:
    return EncodeError.of(f"the cover {what}", file=path, remedy=remedy)
