"""A cover as tags hold it, and the reading of one that the producer brings."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.core.errors import EncodeError

MOST_BYTES = 15_000_000
"""A FLAC picture's length has 24 bits, and nobody's player is glad of more."""
MOST_PIXELS = 8000
"""The longest side of a cover: 8000 x 8000 takes 192 MB once it is unpacked."""
KEPT = {"JPEG": "image/jpeg", "PNG": "image/png"}
"""What every container and player takes."""
CONVERTED = ("WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
QUALITY = 85
ORIENTATION = 0x0112  # the EXIF tag by which cameras say that a picture lies on its side


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
    (CMYK, a photo lying on its side, WebP, GIF, BMP, TIFF, AVIF) becomes a JPEG, on white where
    it was transparent. Raises EncodeError for whatever is not a whole, still picture of at most
    15 MB and 8000 pixels a side.
    """
    data = _content(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of size, which is judged below
            return _cover(path, data)
    except EncodeError:
        raise
    except UnidentifiedImageError as error:
        raise _refused(path, "is not a picture that can be read") from error
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except Exception as error:  # a damaged file brings up what Pillow's parsers did not foresee
        raise _refused(path, "is damaged or cut short") from error


def jpeg(picture: Image.Image) -> Cover:
    """Return an RGB picture as a JPEG cover."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Cover(out.getvalue(), KEPT["JPEG"], *picture.size)


def square(cover: Cover, side: int = 2400) -> Cover:
    """Return the cover as a square JPEG of `side` pixels, as shops ask for it.

    One that is no square is not cut: it gets margins of the colour of its left edge.
    """
    if cover.mime == KEPT["JPEG"] and cover.width == cover.height == side:
        return cover
    with Image.open(io.BytesIO(cover.data), formats=tuple(KEPT)) as picture:
        flat = _flat(picture)
    edge = flat.crop((0, 0, 1, flat.height)).resize((1, 1), Image.Resampling.BOX)
    ground = edge.resize((side, side))
    fitted = ImageOps.contain(flat, (side, side), Image.Resampling.LANCZOS)
    ground.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return jpeg(ground)


def _content(path: Path) -> bytes:
    if not path.is_file():
        found = "is not a file" if path.exists() else "is not there"
        raise _refused(path, found, "give the path of a JPEG or PNG")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(
                path, f"is over {MOST_BYTES // 1_000_000} MB", "save it smaller or as JPEG"
            )
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", "see who may read it") from error


def _cover(path: Path, data: bytes) -> Cover:
    with Image.open(io.BytesIO(data), formats=(*KEPT, *CONVERTED)) as picture:
        if max(picture.size) > MOST_PIXELS:
            raise _too_large(path)
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "TIFF":
            raise _refused(path, "moves or holds several pictures", "save one of its frames")
        picture.load()  # only now is the whole of it looked at
        upright = picture.getexif().get(ORIENTATION, 1) == 1
        if picture.format in KEPT and picture.mode != "CMYK" and upright:
            return Cover(data, KEPT[picture.format], *picture.size)
        return jpeg(_flat(ImageOps.exif_transpose(picture)))


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _too_large(path: Path) -> EncodeError:
    return _refused(
        path, f"has over {MOST_PIXELS} pixels a side", "save it at 2400 x 2400, which is ample"
    )


def _refused(path: Path, what: str, remedy: str = "save it anew as JPEG or PNG") -> EncodeError:
    return EncodeError.of(f"the cover {what}", file=path, remedy=remedy)
