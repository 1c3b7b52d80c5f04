"""What an attachment can be."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttachmentKind(TextChoices):
    """What the bytes are; only pictures are ever shown within a page."""

    IMAGE = "image", _("照片")
    PDF = "pdf", "PDF"
    OFD = "ofd", "OFD"
    XML = "xml", "XML"
