"""What somebody typed and sent: given back with a refusal, so that nothing typed is lost."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

SECRET = ("/account/", "/sign-in/", "/second-factor/")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was sent, name by name; never what opens an account."""
    if request.method != "POST" or request.path.startswith(SECRET):
        return []
    try:
        sent = request.POST
    except (OSError, MultiPartParserError, RequestDataTooBig):  # it could not even be read
        return []
    return [
        (name, value)
        for name, values in sent.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def is_words(value: str) -> bool:
    """Did a person write this? Keys, numbers and choices are plain ASCII without a space."""
    return not value.isascii() or " " in value.strip()
