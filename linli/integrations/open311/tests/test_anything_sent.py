"""Whatever is sent to Open311, the answer is well-formed and never the server's failure."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.core.models import Limit
from linli.integrations.open311.tests.test_stories import key_of
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
thorough = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

ODD = some.sampled_from(
    [
        "",
        "0",
        "-1",
        "1",
        "9" * 25,
        "1e400",
        "nan",
        "null",
        "true",
        "\x00",
        "a\x00b",
        "%00",
        "'",
        "1 OR 1=1",
        "../../etc/passwd",
        "<script>",
        "]]>",
        "\u202e",
        "𠀀",
        "٣",
        "2026-11-23T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+14:00",
        "2026-02-30",
        "261123-1",
        "261123-9223372036854775808",
        "open",
        "closed",
        "open,open",
        ",",
        "z01z01",
        "东方丽都1幢",
        "https://x.example/",
        "http://[",
        "yes",
        "page",
    ]
)
VALUE = ODD | some.text(max_size=60)
NAME = some.sampled_from(
    [
        "jurisdiction_id",
        "service_request_id",
        "service_code",
        "start_date",
        "end_date",
        "status",
        "page",
        "page_size",
        "extensions",
        "api_key",
        "lat",
        "long",
        "address_string",
        "address_id",
        "description",
        "email",
        "first_name",
        "last_name",
        "phone",
        "media_url",
        "device_id",
        "account_id",
        "attribute[SPOT]",
        "attribute[ANSWER]",
        "attribute[ANSWER][]",
        "attribute[",
        "x",
    ]
)
PARAMETERS = some.dictionaries(NAME, VALUE, max_size=8)
SEGMENT = VALUE.filter(lambda text: text not in ("", ".", ".."))


@pytest.fixture
def program(settings: Any) -> Any:
    """A program with a key, where everybody may report and one case is there."""
    settings.LINLI_OPEN311 = "write"
    station = a_station()
    a_case(station, category=station.lift)
    return Client(raise_request_exception=False), key_of(station.worker)


def fits(answer: Any) -> None:
    """Check that an answer is no failure of ours and can be read."""
    assert answer.status_code < 500, answer.content[:300]
    kind = answer["Content-Type"]
    if not answer.content:
        return
    data = ElementTree.fromstring(answer.content) if "xml" in kind else json.loads(answer.content)
    if answer.status_code >= 400:
        said = data.findall("error") if "xml" in kind else data
        assert len(said) >= 1


@thorough
@given(
    what=some.sampled_from(["services", "requests", "discovery"]),
    ending=some.sampled_from([".json", ".xml", "", ".", ".html", ".json.xml"]),
    method=some.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "ODD"]),
    asked=PARAMETERS,
    has_key=some.booleans(),
    accepts=some.sampled_from(["", "*/*", "text/xml"]),
)
def test_lists(
    program: Any,
    what: str,
    ending: str,
    method: str,
    asked: dict[str, str],
    has_key: bool,
    accepts: str,
) -> None:
    client, key = program
    Limit.objects.all().delete()
    headers = {"Authorization": f"Bearer {key}"} if has_key else {}
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in asked.items())
    base = "/open311/" if what == "discovery" else "/open311/v2/"
    answer = client.generic(
        method, f"{base}{what}{ending}", QUERY_STRING=query, headers={**headers, "Accept": accepts}
    )
    fits(answer)


@thorough
@given(
    what=some.sampled_from(["services", "requests", "tokens"]),
    segment=SEGMENT,
    ending=some.sampled_from([".json", ".xml", "", ".csv"]),
    asked=PARAMETERS,
)
def test_single_things(
    program: Any, what: str, segment: str, ending: str, asked: dict[str, str]
) -> None:
    client, _ = program
    Limit.objects.all().delete()
    path = quote(f"/open311/v2/{what}/{segment}", safe="/") + ending
    fits(
        client.generic(
            "GET", path, QUERY_STRING="&".join(f"{n}={quote(v)}" for n, v in asked.items())
        )
    )


@thorough
@given(
    told=PARAMETERS,
    has_key=some.booleans(),
    mark=some.text("abc\x7f ", max_size=5),
    good=some.booleans(),
)
def test_reports(program: Any, told: dict[str, str], has_key: bool, mark: str, good: bool) -> None:
    client, key = program
    Limit.objects.all().delete()
    sound = {"service_code": "z01z01", "address_string": "东方丽都1幢", "description": "坏了"}
    told = {**(sound if good else {}), **told, **({"api_key": key} if has_key else {})}
    fits(client.post("/open311/v2/requests.json", told, headers={"Idempotency-Key": mark}))


@thorough
@given(
    body=some.binary(max_size=300),
    kind=some.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "text/xml",
            "",
            "application/x-www-form-urlencoded; charset=utf-16",
            "x; charset=nonsense",
        ]
    ),
)
def test_bodies(program: Any, body: bytes, kind: str) -> None:
    client, _ = program
    Limit.objects.all().delete()
    fits(client.generic("POST", "/open311/v2/requests.xml", body, content_type=kind))


def test_a_line_break_in_an_address_is_answered_to_programs(program: Any) -> None:
    client, _ = program
    answer = client.get("/open311/v2/requests/a%0Ab/c")
    assert answer.status_code == 404
    fits(answer)
