"""The endpoints of GeoReport v2: parse, ask in somebody's scope, write JSON or XML.

What goes wrong is an answer with code and description, in the form that was asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from linli.core.database.marks import is_demonstration
from linli.core.errors import NotFound, Refused
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import Scope, system_scope, use_scope
from linli.core.storage import refusal_for
from linli.core.time import CHINA
from linli.integrations.open311 import parameters as asking
from linli.integrations.open311 import queries, report_intake, rules, serializers
from linli.integrations.open311.georeport_types import (
    CreatedRequest,
    GeoReportError,
    RequestDeclined,
    declined,
)
from linli.integrations.open311.parameters import parameter
from linli.register.places.models import Place
from linli.register.posts.queries import scope_of_token

FORMS = (serializers.JSON, serializers.XML)
HOUR = 3600
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Asker:
    """Who asks: the scope of the key, None without one, and the area that is meant."""

    scope: Scope | None
    area: Place | None

    @property
    def has_key(self) -> bool:
        """Did a valid key come along?"""
        return self.scope is not None


def endpoint(*methods: str) -> Callable[[View], View]:
    """Let a view answer these methods, and turn what goes wrong into an answer."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: str, **words: str) -> HttpResponse:
            form = _form(request, words)
            try:
                if settings.LINLI_OPEN311 == "off":
                    raise declined(404, _("没有开通 Open311 接口"))
                if methods and request.method not in methods:
                    raise declined(
                        405, _("这里只接受 %(methods)s") % {"methods": "、".join(methods)}
                    )
                return view(request, *args, form=form, **words)
            except RequestDeclined as refused:
                return _wrong(form, refused.wrong)
            except NotFound as missing:
                return _wrong(form, [GeoReportError(404, _(str(missing.sentence)))])
            except Http404:
                return _wrong(form, [GeoReportError(404, _("没有找到"))])
            except Refused as refused:
                sentence = " ".join(_(str(one)) for one in (refused.sentence, refused.hint) if one)
                status = refused.status if refused.status >= 500 else 400
                return _wrong(form, [GeoReportError(status, sentence)], refused.retry_seconds)
            # A full disk or a busy database is said in the same form: programs read no error
            # pages.
            except (DatabaseError, OSError) as wrong:
                refusal = refusal_for(wrong)
                if refusal is None:
                    raise
                sentence = f"{refusal.sentence} {refusal.hint}"
                return _wrong(
                    form, [GeoReportError(refusal.status, sentence)], refusal.retry_seconds
                )
            except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
                return _wrong(form, [GeoReportError(400, _("看不懂请求，或者太大了"))])

        # Programs have no session and so no token; the key is the proof, and no cookie is looked
        # at.
        return csrf_exempt(never_cache(run))

    return wrap


def _form(request: HttpRequest, words: dict[str, str]) -> str:
    """Return the form of the answer; an ending that is none belongs to the name before it."""
    ending = words.pop("ending", "")
    if ending and ending not in FORMS:
        for name in ("code", "number", "token"):
            if name in words:
                words[name] = f"{words[name]}.{ending}"
    elif ending:
        return ending
    accepted = request.headers.get("Accept", "")
    return serializers.XML if "xml" in accepted and "json" not in accepted else serializers.JSON


def _answer(root: str, data: serializers.Data, form: str, status: int = 200) -> HttpResponse:
    body = serializers.serialize(root, data, form)
    return HttpResponse(body, content_type=serializers.CONTENT_TYPES[form], status=status)


def _wrong(form: str, wrong: Any, retry_seconds: int = 0) -> HttpResponse:
    status = wrong[0].code
    answer = _answer("errors", serializers.errors_data(wrong), form, status)
    if retry_seconds:
        answer["Retry-After"] = str(retry_seconds)
    return answer


@contextmanager
def _asking(request: HttpRequest, parameters: QueryDict, wish: str) -> Iterator[Asker]:
    """Work in the scope of the key that came along, or read what everybody may."""
    scope = _scope(request, parameters)
    if not rules.may_use(setting=settings.LINLI_OPEN311, wish=wish, has_key=scope is not None):
        raise declined(403, _("缺少 api_key：请在“我的”里签发接口令牌"))
    with use_scope(scope) if scope else system_scope("what everybody may know of cases"):
        yield Asker(scope, _area(parameter(parameters, "jurisdiction_id")))


def _scope(request: HttpRequest, parameters: QueryDict) -> Scope | None:
    bearer = request.headers.get("Authorization", "")
    # Both ways: GeoReport knows `api_key`, but address logs do not store the header.
    raw = parameter(parameters, "api_key") or bearer.removeprefix("Bearer ").strip()
    if not raw:
        return None
    scope = scope_of_token(raw)
    if scope is None:
        raise declined(403, _("api_key 无效、已到期，或岗位已经结束"))
    return scope


def _area(code: str) -> Place | None:
    area = queries.jurisdiction(code)
    if code and area is None:
        raise declined(404, _("没有 jurisdiction_id “%(code)s”") % {"code": code[:60]})
    return area


@endpoint("GET", "HEAD")
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Say where the endpoint is, what it speaks and how one gets a key."""
    with system_scope("what everybody may know of cases"):
        changed = queries.services_changed_at() or timezone.now()
    data = serializers.discovery_data(
        url=request.build_absolute_uri(reverse("open311:root")).rstrip("/"),
        changeset=timezone.localtime(changed, CHINA).strftime("%Y-%m-%d %H:%M"),
        contact=_("请联系所在社区或街道"),
        kind="test" if is_demonstration() else "production",
        key_service=_("有岗位的人在“我的 › 接口令牌”里签发；外单位请向街道申请"),
    )
    return _answer("discovery", data, form)


@endpoint("GET", "HEAD")
def services(request: HttpRequest, *, form: str) -> HttpResponse:
    """List what can be reported."""
    with _asking(request, request.GET, "services") as asker:
        return _answer("services", serializers.services_data(queries.services(asker.area)), form)


@endpoint("GET", "HEAD")
def definition(request: HttpRequest, code: str, *, form: str) -> HttpResponse:
    """List what else may be told with one kind of report."""
    with _asking(request, request.GET, "services") as asker:
        if queries.category_of(code, asker.area) is None:
            raise declined(404, _("没有 service_code “%(code)s”") % {"code": code[:60]})
        data = serializers.definition_data(code, queries.attributes())
        return _answer("service_definition", data, form)


@endpoint("GET", "HEAD", "POST")
def requests(request: HttpRequest, *, form: str) -> HttpResponse:
    """List requests, or take a new one in."""
    if request.method == "POST":
        return _take(request, form)
    with _asking(request, request.GET, "read") as asker:
        wanted = asking.listing(request.GET, now=timezone.now())
        total, page = queries.requests_asked(wanted, asker.area)
        shown = queries.as_requests(page, has_key=asker.has_key, extended=wanted.extended)
        answer = _answer("service_requests", serializers.requests_data(shown), form)
        answer["X-Total-Count"] = str(total)
        return answer


@endpoint("GET", "HEAD")
def one_request(request: HttpRequest, number: str, *, form: str) -> HttpResponse:
    """Show one request."""
    with _asking(request, request.GET, "read") as asker:
        case = queries.request_or_none(number)
        if case is None:
            raise declined(404, _("没有 service_request_id “%(id)s”") % {"id": number[:60]})
        extended = bool(parameter(request.GET, "extensions"))
        shown = queries.as_requests([case], has_key=asker.has_key, extended=extended)
        return _answer("service_requests", serializers.requests_data(shown), form)


@endpoint("GET", "HEAD")
def token(request: HttpRequest, token: str, *, form: str) -> HttpResponse:
    """Say which request a tracking number stands for."""
    # Tracking numbers have ten digits: without a bound they could be tried one by one.
    _count(request, "token")
    with _asking(request, request.GET, "read"):
        case = queries.request_of_token(token)
        if case is None:
            raise declined(404, _("没有 token “%(token)s”") % {"token": token[:60]})
        return _answer("service_requests", serializers.token_data(case.number, token), form)


@endpoint()
def nowhere(request: HttpRequest, *, form: str, rest: str = "") -> HttpResponse:
    """Say that nothing is here, in the form that programs read."""
    raise declined(404, _("没有找到"))


def _take(request: HttpRequest, form: str) -> HttpResponse:
    parameters = request.POST
    with _asking(request, parameters, "report") as asker:
        if not asker.has_key:
            _count(request, "report")
        # Refused and not ignored: whoever sends a picture must not believe that it arrived.
        if request.FILES:
            raise declined(400, _("不收文件：图片请给 media_url"))
        reported = asking.report(parameters, queries.attributes())
        category = queries.category_of(reported.code, asker.area)
        if category is None:
            raise declined(404, _("没有 service_code “%(code)s”") % {"code": reported.code[:60]})
        taken = report_intake.report_case(
            reported,
            category=category,
            area=asker.area,
            scope=asker.scope,
            client_id=_mark(request, asker),
        )
        notice = [
            _("已收到。查询编号 %(tracking)s，查询码 %(secret)s，可凭此查看进展和表态。")
            % {"tracking": taken.tracking, "secret": taken.secret}
        ]
        if reported.email:
            notice.append(_("电子邮箱不保存，答复请凭编号查看或留电话。"))
        # A `blackbox` service gives no number (decision 0015).
        number = "" if taken.case.confidential else taken.case.number
        data = serializers.created_data(CreatedRequest(number, "".join(notice)))
        return _answer("service_requests", data, form, status=201)


def _mark(request: HttpRequest, asker: Asker) -> str:
    """Return the sender's own mark of a report; without a key it counts for one address alone."""
    key = request.headers.get("Idempotency-Key", "")[:200]
    return f"{address_of(request)} {key}" if key and not asker.has_key else key


def _count(request: HttpRequest, what: str) -> None:
    """Bound what one address on the internet may do in an hour without a key."""
    most = rules.MOST_AN_HOUR[what]
    if is_rate_limited(f"open311-{what}", address_of(request), most, seconds=HOUR):
        raise declined(429, _("太频繁了，请过一小时再来"))
