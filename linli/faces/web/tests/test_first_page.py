"""What a phone has to fetch before it shows the first page, and how pages go over the wire."""

from __future__ import annotations

import gzip
import re

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from linli.faces.web.middleware import Compressed
from tests.people import a_person, a_subdistrict, a_user

AT_MOST = 100_000
ASKS_FOR_GZIP = {"accept-encoding": "gzip, deflate, br"}
FETCHED = re.compile(r'<(?:link|script|use|img)\b[^>]*?\b(?:href|src)="(/[^"#]+)')


@pytest.fixture
def secretary(db: None) -> Client:
    """Sign a secretary in, whose home page has figures and work on it."""
    town = a_subdistrict()
    a_person(town.home("1", "101"), aged=92)
    client = Client()
    client.force_login(a_user("殷虹", "secretary", town.community))
    return client


def sent(client: Client, address: str, headers: dict[str, str]) -> tuple[str, int]:
    """Return a page or file as it is read, and how many bytes went over the wire for it."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return (gzip.decompress(body) if is_packed else body).decode(), head + len(body)


def wire_bytes(client: Client, address: str, headers: dict[str, str]) -> int:
    """Return the bytes of a page and of everything it has a browser fetch, each once."""
    page, size = sent(client, address, headers)
    fetched = set(FETCHED.findall(page))
    assert {"/static/built/app.css", "/static/built/app.js", "/static/built/icons.svg"} <= {
        one.partition("?")[0] for one in fetched
    }
    return size + sum(sent(client, one, headers)[1] for one in fetched)


@pytest.mark.parametrize("address", ["/", "/tasks/", "/ask/?q=90岁以上", "/patterns/"])
def test_the_first_page_is_small_with_all_it_fetches(secretary: Client, address: str) -> None:
    assert wire_bytes(secretary, address, ASKS_FOR_GZIP) <= AT_MOST


def test_the_sign_in_page_is_small_with_all_it_fetches(db: None) -> None:
    assert wire_bytes(Client(), "/sign-in/", ASKS_FOR_GZIP) <= AT_MOST


def test_uncompressed_it_would_not_be_small(secretary: Client) -> None:
    """The negative control: the same sum, asked for by a browser that reads nothing compressed."""
    assert wire_bytes(secretary, "/", {}) > 2 * AT_MOST


def test_static_files_come_compressed_at_marked_addresses(db: None) -> None:
    page, _size = sent(Client(), "/sign-in/", ASKS_FOR_GZIP)
    for address in FETCHED.findall(page):
        answer = Client().get(address, headers=ASKS_FOR_GZIP)
        assert "?v=" in address
        if "/built/" in address:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert "Accept-Encoding" in answer.headers["Vary"]


def through(answer: HttpResponseBase, **headers: str) -> HttpResponseBase:
    """Return what is sent when this is the answer to a request with such headers."""
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip", **headers})
    return Compressed(lambda _request: answer)(request)  # type: ignore[arg-type, return-value]


def test_a_page_is_compressed_and_says_that_it_depends() -> None:
    answer = through(HttpResponse("人" * 500))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding, Sec-Fetch-Site"


def test_what_another_site_asks_for_is_not_compressed() -> None:
    """Its length would tell that site what stands in the page (BREACH)."""
    answer = through(HttpResponse("人" * 500), **{"sec-fetch-site": "cross-site"})
    assert "Content-Encoding" not in answer.headers
    own = through(HttpResponse("人" * 500), **{"sec-fetch-site": "same-origin"})
    assert own.headers["Content-Encoding"] == "gzip"


def test_the_same_page_has_another_length_each_time() -> None:
    lengths = {len(through(HttpResponse("人" * 500)).content) for _n in range(50)}  # type: ignore[attr-defined]
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "answer",
    [
        FileResponse([b"x" * 500], as_attachment=True, filename="a.xlsx"),
        StreamingHttpResponse(["人" * 500]),
        HttpResponse("人" * 500, headers={"Content-Disposition": "attachment; filename=a.html"}),
        HttpResponse(b"x" * 500, content_type="image/png"),
        HttpResponse("{}" * 500, content_type="application/json"),
    ],
    ids=["a file", "a stream", "a page to keep", "a picture", "for a program"],
)
def test_other_answers_are_left_alone(answer: HttpResponseBase) -> None:
    assert "Content-Encoding" not in through(answer).headers
