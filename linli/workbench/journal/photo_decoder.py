"""Decoding a photo; runs in the child process and imports nothing of Django."""

from __future__ import annotations

import io
import warnings
from typing import Any, BinaryIO

from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading
from linli.workbench.journal.rules import LONGEST_SIDE, MOST_PIXELS, QUALITY, kept_size

ENCODED = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
PLAIN = ("RGB", "RGBA", "L", "CMYK", "YCbCr")
GPS, LATITUDE, LONGITUDE, ORIENTATION = 0x8825, 2, 4, 0x0112
# How a picture is to be transposed, by what a camera says (numbers are Pillow's).
TURNED = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}


def decode(_order: dict[str, Any], data: bytes, _limits: Limits, out: BinaryIO) -> None:
    """Answer a photo made smaller as JPEG, with its size and where it was taken."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow only warns up to twice its limit; here the limit itself refuses.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = MOST_PIXELS
            # Otherwise Pillow tries every format it knows, each a decoder that could have a hole.
            with Image.open(io.BytesIO(data), formats=ENCODED) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise StopReading("too_many_pixels")
                position = _position(image.getexif()) or (None, None)
                small = _small(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise StopReading("too_many_pixels") from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as wrong:
        raise StopReading("broken") from wrong
    encoded = io.BytesIO()
    small.save(encoded, "JPEG", quality=QUALITY)
    latitude, longitude = position
    say(
        out,
        {
            "width": small.width,
            "height": small.height,
            "latitude": latitude,
            "longitude": longitude,
        },
    )
    out.write(encoded.getvalue())


def _small(image: Any) -> Any:
    """Return the picture upright, at most so long; made smaller first, which needs less room."""
    from PIL import Image

    turned = TURNED.get(image.getexif().get(ORIENTATION, 1))
    # A JPEG is then decoded at a fraction of its size and never held whole.
    image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    image.load()
    # Pictures with a palette cannot be interpolated.
    plain = image if image.mode in PLAIN else image.convert("RGB")
    size = kept_size(width=plain.width, height=plain.height)
    if size != plain.size:
        # A very narrow picture would be rounded to a side of zero.
        plain = plain.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.BICUBIC)
    upright = plain.transpose(turned) if turned is not None else plain
    return upright.convert("RGB")


def _position(exif: Any) -> tuple[float, float] | None:
    """Return where a photo was taken, if it says so in good order."""
    tags = exif.get_ifd(GPS)
    try:
        coordinates = []
        for key, away in ((LATITUDE, "S"), (LONGITUDE, "W")):
            degrees, minutes, seconds = (float(part) for part in tags[key])
            # In EXIF the letter of the hemisphere is the tag before the figure.
            value = degrees + minutes / 60 + seconds / 3600
            coordinates.append(-value if tags.get(key - 1) == away else value)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return coordinates[0], coordinates[1]
