"""Refusals as data: a code for programs, a sentence in the language of the request for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from linli.core.errors import NotFound, Refused
from linli.core.interface.api_schemas import Refusal
from linli.core.storage import refusal_for

CODES = {400: "unreadable", 401: "not_let_in", 403: "not_allowed", 404: "not_found"}


def say_refusals(api: NinjaAPI) -> None:
    """Teach the API how each kind of refusal is said."""

    def say(request: HttpRequest, status: int, refusal: Refusal) -> HttpResponse:
        return api.create_response(request, _as_data(refusal), status=status)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, wrong: Refused) -> HttpResponse:
        answer = say(request, wrong.status, _of(wrong))
        if wrong.retry_seconds:
            answer["Retry-After"] = str(wrong.retry_seconds)
        return answer

    _say_what_storage_refuses(api, refused)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
        return say(request, 422, _of_input(wrong.errors))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, wrong: AuthenticationError) -> HttpResponse:
        answer = say(request, 401, _not_let_in(request))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, wrong: Http404) -> HttpResponse:
        return say(request, 404, _of(NotFound()))

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, wrong: RequestDataTooBig) -> HttpResponse:
        return say(request, 413, Refusal(code="too_big", sentence=_("请求太大了")))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, wrong: HttpError) -> HttpResponse:
        code = CODES.get(wrong.status_code, "refused")
        unreadable = _("看不懂请求：内容须是 UTF-8 的 JSON，不含控制字符和无穷大的数")
        sentence = unreadable if wrong.status_code == 400 else str(wrong)
        return say(request, wrong.status_code, Refusal(code=code, sentence=sentence))


def _say_what_storage_refuses(
    api: NinjaAPI, refused: Callable[[HttpRequest, Refused], HttpResponse]
) -> None:
    """Teach the API how a full or busy storage is said; other errors go on as they are."""

    def without_storage(request: HttpRequest, wrong: Any) -> HttpResponse:
        refusal = refusal_for(wrong)
        if refusal is None:
            raise wrong
        return refused(request, refusal)

    for kind in (DatabaseError, OSError):
        api.add_exception_handler(kind, without_storage)


def _as_data(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as it is sent: details only where there are any."""
    return refusal.dict(exclude=None if refusal.details else {"details"})


def _of(wrong: Refused) -> Refusal:
    return Refusal(
        code=wrong.code,
        sentence=_(str(wrong.sentence)),
        field=wrong.field,
        hint=_hint(wrong),
        details=wrong.details or None,
    )


def _hint(wrong: Refused) -> str:
    # gettext("") is the head of the catalogue.
    return _(str(wrong.hint)) if wrong.hint else ""


def _not_let_in(request: HttpRequest) -> Refusal:
    if "Authorization" in request.headers:
        sentence = _("令牌无效、已到期，或岗位已经结束")
        return Refusal(code="not_let_in", sentence=sentence, hint=_("请在“我的”里重新签发令牌"))
    if request.user.is_authenticated:
        sentence = _("登录状态只能用于读取，且须有可查底册的岗位")
        return Refusal(code="not_let_in", sentence=sentence, hint=_("提问请用令牌"))
    sentence = _("请带上令牌")
    return Refusal(code="not_let_in", sentence=sentence, hint="Authorization: Bearer …")


def _of_input(errors: list[Any]) -> Refusal:
    """Say the first thing that is wrong with what was sent."""
    first = errors[0] if errors else {}
    limits = first.get("ctx", {})
    names = [str(part) for part in first.get("loc", ()) if part not in ("body", "query", "path")]
    field = names[-1] if names else None
    return Refusal(
        code="input", sentence=_sentence(str(first.get("type", "")), limits, field), field=field
    )


def _sentence(kind: str, limits: dict[str, Any], field: str | None) -> str:
    words = {"field": field or "", **limits}
    if kind == "missing":
        return _("缺少“%(field)s”") % words
    if kind == "extra_forbidden":
        return _("没有“%(field)s”这一项") % words
    if kind == "less_than_equal" and "le" in words:
        return _("“%(field)s”最大是%(le)s") % words
    if kind == "greater_than_equal" and "ge" in words:
        return _("“%(field)s”最小是%(ge)s") % words
    if kind == "string_too_long" and "max_length" in words:
        return _("“%(field)s”最长%(max_length)s个字") % words
    return _("“%(field)s”不对") % words
