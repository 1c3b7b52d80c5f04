"""How the phones of an office find it and learn to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.core.interface.registry import register_page

if TYPE_CHECKING:
    from linli.core.scope import Scope

# Those who hand phones to the others.
MAY_CONNECT_PHONES = frozenset({"subdistrict_officer", "secretary"})


class OfficeConfig(AppConfig):
    """Put the page for phones into the menu where an office is served."""

    name = "linli.faces.office"
    label = "office"
    verbose_name = "办公室的网络"

    def ready(self) -> None:
        """Register 让手机连上."""
        register_page(
            "office",
            label=_("让手机连上"),
            icon="qrcode",
            url_name="office:phones",
            group="settings",
            note=_("网址、二维码、证书指纹"),
            may=may_connect_phones,
            order=2,
        )


def may_connect_phones(scope: Scope) -> bool:
    """Is there an office's network, and does this post bring phones into it?"""
    return settings.LINLI_OFFICE is not None and scope.role in MAY_CONNECT_PHONES
