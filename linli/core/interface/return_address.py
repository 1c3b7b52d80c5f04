"""Where somebody goes back to after a step that another page asked for."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def return_address(request: HttpRequest, *, otherwise: str) -> str:
    """Return the page named by ``next``, never of another host; else ``otherwise``."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else otherwise
