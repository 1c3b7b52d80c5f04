"""让手机连上, and the little script by which a phone finds out whether it trusts the office."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.core.office import addresses, authority
from linli.core.office.note import Office
from linli.core.scope import scope_or_none
from linli.faces.office.apps import may_connect_phones

# A browser takes it only from a site whose certificate it trusts. It does nothing and goes.
TRUST = (
    'addEventListener("install",()=>skipWaiting());'
    'addEventListener("activate",()=>registration.unregister());'
)


def _office() -> Office:
    office: Office | None = settings.LINLI_OFFICE
    if office is None:
        raise Http404
    return office


@login_required
@require_GET
def phones(request: HttpRequest) -> HttpResponse:
    """Show address, QR code and fingerprint, to be held before a phone."""
    office, scope = _office(), scope_or_none()
    if scope is None or not may_connect_phones(scope):
        raise Http404
    link = office.steps_address if office.has_authority else office.address
    told = {
        "office": office,
        "is_named": not addresses.is_an_address(office.name or office.number),
        "link": link,
        "picture": _picture(link),
        "fingerprint": _fingerprint(office),
    }
    return render(request, "office/phones.html", told)


def _picture(link: str) -> str:
    import segno

    return str(segno.make(link, error="m").svg_data_uri(scale=5, border=2))


def _fingerprint(office: Office) -> str:
    if not office.has_authority:
        return ""
    try:
        return authority.fingerprint(authority.root_of(office))
    except (OSError, ValueError):  # not served yet
        return ""


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """Give the script that a phone can only take when it trusts the office's certificate."""
    _office()
    return HttpResponse(TRUST, content_type="text/javascript")
