"""Photos as they are kept: decoded under limits, made smaller, written anew without metadata."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.workbench.journal.rules import LARGEST_FILE, MIB, MOST_PIXELS, QUALITY, kept_size

ENCODED = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
GPS, LATITUDE, LONGITUDE = 0x8825, 2, 4


@dataclass(frozen=True)
class Picture:
    """A photo ready to be kept; ``position`` is (latitude, longitude) in degrees, if known."""

    data: bytes
    width: int
    height: int
    position: tuple[float, float] | None = None


def checked(file: Any) -> Picture:
    """Return a photo as it is kept, or refuse what is none, too large or a trap."""
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        size = getattr(file, "size", 0) or len(data)
        figures = {"now": -(-size // MIB), "most": LARGEST_FILE // MIB}
        raise Refused(
            "photo.too_big", _("照片有%(now)sMB，超过%(most)sMB") % figures, "photos",
            _("请用手机拍照功能直接上传，或先缩小"),
        )  # fmt: skip
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"):
        raise Refused(
            "photo.heic", _("暂时看不了HEIC格式的照片"), "photos",
            _("苹果手机：设置 › 相机 › 格式，选“兼容性最佳”；或发截图"),
        )  # fmt: skip
    return _decoded(data)


def _decoded(data: bytes) -> Picture:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=ENCODED) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _too_many_pixels()
                position = _position(image.getexif())
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as wrong:
        raise Refused(
            "photo.not_one", _("这个文件不是照片，或者已经损坏"), "photos",
            _("请重新拍一张，或换一张JPG、PNG"),
        ) from wrong  # fmt: skip
    size = kept_size(width=upright.width, height=upright.height)
    out = io.BytesIO()
    upright.resize(size).save(out, "JPEG", quality=QUALITY)
    return Picture(out.getvalue(), *size, position=position)


def _too_many_pixels() -> Refused:
    most = MOST_PIXELS // 1_000_000
    return Refused(
        "photo.pixels", _("照片超过%(most)s百万像素") % {"most": most}, "photos", _("请先缩小")
    )


def _position(exif: Any) -> tuple[float, float] | None:
    """Return where a photo was taken, if it says so in good order."""
    told = exif.get_ifd(GPS)
    try:
        found = []
        for key, away in ((LATITUDE, "S"), (LONGITUDE, "W")):
            degrees, minutes, seconds = (float(part) for part in told[key])
            value = degrees + minutes / 60 + seconds / 3600
            found.append(-value if told.get(key - 1) == away else value)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return found[0], found[1]
