"""Photos as they are kept: decoded by the child, made smaller, written anew without metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.core.documents.limits import PHOTO
from linli.core.documents.reader import NotRead, answered
from linli.core.documents.refusals import in_words
from linli.core.errors import Refused
from linli.workbench.journal.rules import LARGEST_FILE, MIB, MOST_PHOTOS, MOST_PIXELS

TASK = "linli.workbench.journal.photo_decoder:decode"


@dataclass(frozen=True)
class Picture:
    """A photo ready to be kept; ``position`` is (latitude, longitude) in degrees, if known."""

    data: bytes
    width: int
    height: int
    position: tuple[float, float] | None = None


def checked(file: Any) -> Picture:
    """Return a photo as it is kept, or refuse what is none, too large or a trap."""
    # One byte more than allowed shows that it is too large; no declared size is believed.
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        size = getattr(file, "size", 0) or len(data)
        figures = {"now": -(-size // MIB), "most": LARGEST_FILE // MIB}
        raise Refused(
            "photo.too_big",
            _("照片有%(now)sMB，超过%(most)sMB") % figures,
            "photos",
            _("请用手机拍照功能直接上传，或先缩小"),
        )
    # iPhones send HEIC unless told otherwise: saying only "no photo" would help nobody.
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"):
        raise Refused(
            "photo.heic",
            _("暂时看不了HEIC格式的照片"),
            "photos",
            _("苹果手机：设置 › 相机 › 格式，选“兼容性最佳”；或发截图"),
        )
    return _decoded(data)


def checked_all(files: Sequence[Any]) -> list[Picture]:
    """Return photos as they are kept; too many are refused before the first is opened."""
    if len(files) > MOST_PHOTOS:
        raise too_many()
    return [checked(file) for file in files]


def too_many() -> Refused:
    """Return why nobody brings more photos than this."""
    return Refused("photo.many", _("最多%(most)s张照片") % {"most": MOST_PHOTOS}, "photos")


def _decoded(data: bytes) -> Picture:
    try:
        answer = answered(TASK, {}, data, PHOTO)
    except NotRead as why:
        if why.code in ("too_many_pixels", "too_slow", "too_much_memory"):
            raise _too_many_pixels() from why
        if why.code == "no_room":
            raise Refused("photo.no_room", *words_of(why)) from why
        raise Refused(
            "photo.not_one",
            _("这个文件不是照片，或者已经损坏"),
            "photos",
            _("请重新拍一张，或换一张JPG、PNG"),
        ) from why
    head = answer.head
    position = (head["latitude"], head["longitude"]) if head["latitude"] is not None else None
    return Picture(answer.rest, head["width"], head["height"], position)


def words_of(why: NotRead) -> tuple[str, str, str]:
    """Return sentence, field and hint of a reason that every document shares."""
    sentence, hint = in_words(why.code, why.words) or ("", "")
    return sentence, "photos", hint


def _too_many_pixels() -> Refused:
    most = MOST_PIXELS // 1_000_000
    return Refused(
        "photo.pixels", _("照片超过%(most)s百万像素") % {"most": most}, "photos", _("请先缩小")
    )
