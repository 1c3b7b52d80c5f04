"""Refusals and failures are pages in plain words."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.test import Client, RequestFactory

from linli.core.errors import NotFound, Refused
from linli.faces.web import errors


def a_request(**headers: str) -> HttpRequest:
    """A request of nobody."""
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/somewhere/", headers=headers)
    request.user = AnonymousUser()
    return request


def text_of(answer: object) -> str:
    """The words of an answer."""
    return answer.content.decode()  # type: ignore[attr-defined]


def test_what_is_too_large_is_told_apart_from_what_cannot_be_read() -> None:
    too_large = errors.bad_request(a_request(), RequestDataTooBig())
    assert too_large.status_code == 413
    assert "太大" in text_of(too_large)
    unreadable = errors.bad_request(a_request())
    assert unreadable.status_code == 400
    assert "读不懂" in text_of(unreadable)


def test_a_page_left_open_too_long_is_not_a_lack_of_rights() -> None:
    assert "放得太久" in text_of(errors.csrf_failed(a_request()))
    assert "岗位不能" in text_of(errors.forbidden(a_request()))


def test_our_own_failure_reads_no_database() -> None:
    answer = errors.server_error(a_request())
    assert answer.status_code == 500
    assert "不是您的" in text_of(answer)


def test_a_refusal_nobody_laid_out_keeps_its_sentence_and_hint() -> None:
    middleware = errors.RefusedMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    refusal = Refused("place.duplicate", "已经有这个户室", hint="请换一个室号")
    answer = middleware.process_exception(a_request(), refusal)
    assert answer is not None
    assert answer.status_code == 422
    assert "已经有这个户室" in text_of(answer)
    assert "请换一个室号" in text_of(answer)


def test_htmx_is_given_only_the_part() -> None:
    middleware = errors.RefusedMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    answer = middleware.process_exception(a_request(**{"HX-Request": "true"}), Refused("x", "不行"))
    assert answer is not None
    assert "<html" not in text_of(answer)


def test_out_of_scope_looks_like_missing() -> None:
    middleware = errors.RefusedMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    answer = middleware.process_exception(a_request(), NotFound())
    assert answer is not None
    assert answer.status_code == 404


def test_other_failures_are_left_to_django() -> None:
    middleware = errors.RefusedMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    assert middleware.process_exception(a_request(), ValueError()) is None


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/care/", {"care": "on"})
    assert answer.status_code == 403
    assert "放得太久" in text_of(answer)


def test_a_refused_page_gives_back_what_was_typed_but_no_password() -> None:
    sent = {"words": "楼道灯\n又坏了 <b>", "password": "机密 一二三", "key": "a1b2", "next": "/x/"}
    request = RequestFactory().post("/somewhere/", sent)
    request.user = a_request().user
    for answer in (
        errors.refused_page(request, Refused("x", "刚才已经结束")),
        errors.csrf_failed(request),
        errors.not_found(request),
    ):
        assert "楼道灯\n又坏了 &lt;b&gt;" in text_of(answer)
        assert "机密" not in text_of(answer)
        assert "autofocus" in text_of(answer)
    request.path = "/account/login/"
    assert "楼道灯" not in text_of(errors.not_found(request))
