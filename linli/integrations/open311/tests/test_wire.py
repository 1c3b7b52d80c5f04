"""The wire format, held against the published specification of GeoReport v2."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as some

from linli.integrations.open311 import parameters, serializers
from linli.integrations.open311.georeport_types import (
    AttributeValue,
    CreatedRequest,
    GeoReportError,
    RequestDeclined,
    Service,
    ServiceAttribute,
    ServiceRequest,
)

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 8, tzinfo=CHINA)
SERVICE = Service("lift", "电梯故障", "公共设施 / 电梯故障", "公共设施", ("电梯", "困人"))
REQUEST = ServiceRequest(
    "2026-0007",
    "closed",
    "重复反映",
    "lift",
    "电梯故障",
    "三号梯不动",
    datetime(2026, 11, 1, 9, 30, tzinfo=CHINA),
    datetime(2026, 11, 2, tzinfo=CHINA),
    address="东方丽都1幢",
    latitude=29.8,
    longitude=121.5,
)
SPOT = ServiceAttribute("SPOT", "string", "具体位置", 1)
ANSWER = ServiceAttribute(
    "ANSWER",
    "singlevaluelist",
    "是否回复",
    2,
    required=True,
    values=(AttributeValue("yes", "是"), AttributeValue("no", "否")),
)


def as_json(root: str, data: Any) -> Any:
    return json.loads(serializers.serialize(root, data, "json"))


def as_xml(root: str, data: Any) -> ElementTree.Element:
    body = serializers.serialize(root, data, "xml")
    assert body.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return ElementTree.fromstring(body)


def test_the_service_list_has_the_fields_of_the_specification() -> None:
    data = serializers.services_data([SERVICE])
    assert as_json("services", data) == [
        {
            "service_code": "lift",
            "service_name": "电梯故障",
            "description": "公共设施 / 电梯故障",
            "metadata": True,
            "type": "realtime",
            "keywords": "电梯,困人",
            "group": "公共设施",
        }
    ]
    tree = as_xml("services", data)
    assert tree.tag == "services"
    assert [child.tag for child in tree] == ["service"]
    assert tree.findtext("service/metadata") == "true"


def test_a_definition_lists_attributes_and_their_values() -> None:
    data = serializers.definition_data("lift", [SPOT, ANSWER])
    tree = as_xml("service_definition", data)
    assert tree.findtext("service_code") == "lift"
    assert [one.findtext("code") for one in tree.iter("attribute")] == ["SPOT", "ANSWER"]
    assert tree.findtext("attributes/attribute[2]/values/value/key") == "yes"
    first = as_json("service_definition", data)["attributes"][0]
    assert first["datatype"] == "string"
    assert first["required"] is False
    assert first["variable"] is True
    assert first["order"] == 1
    assert first["values"] == []


def test_a_request_has_every_field_and_dates_with_their_offset() -> None:
    one = as_json("service_requests", serializers.requests_data([REQUEST]))[0]
    assert set(one) == {
        "service_request_id",
        "status",
        "status_notes",
        "service_name",
        "service_code",
        "description",
        "agency_responsible",
        "service_notice",
        "requested_datetime",
        "updated_datetime",
        "expected_datetime",
        "address",
        "address_id",
        "zipcode",
        "lat",
        "long",
        "media_url",
    }
    assert one["requested_datetime"] == "2026-11-01T09:30:00+08:00"
    assert one["expected_datetime"] is None
    tree = as_xml("service_requests", serializers.requests_data([REQUEST]))
    assert tree.findtext("request/lat") == "29.8"
    assert tree.findtext("request/expected_datetime") == ""


def test_a_new_report_is_answered_with_its_number_and_a_confidential_one_without() -> None:
    made = as_json(
        "service_requests", serializers.created_data(CreatedRequest("2026-0008", "已收到"))
    )
    assert made == [
        {"service_request_id": "2026-0008", "service_notice": "已收到", "account_id": None}
    ]
    silent = as_json("service_requests", serializers.created_data(CreatedRequest("", "已收到")))
    assert "service_request_id" not in silent[0]


def test_a_token_leads_to_its_request() -> None:
    tree = as_xml("service_requests", serializers.token_data("2026-0008", "T-1"))
    assert tree.findtext("request/service_request_id") == "2026-0008"
    assert tree.findtext("request/token") == "T-1"


def test_errors_have_a_code_and_a_sentence() -> None:
    data = serializers.errors_data(
        [GeoReportError(403, "api_key 无效"), GeoReportError(400, "缺少地点")]
    )
    assert [one["code"] for one in as_json("errors", data)] == [403, 400]
    tree = as_xml("errors", data)
    assert tree.findtext("error[2]/description") == "缺少地点"


def test_discovery_names_the_specification_and_the_formats() -> None:
    data = serializers.discovery_data(
        url="https://x.cn/open311/v2",
        changeset="2026-11-23 08:00",
        contact="社区",
        kind="test",
        key_service="在“我的”里签发",
    )
    tree = as_xml("discovery", data)
    end = "endpoints/endpoint/"
    assert tree.findtext(end + "specification") == "http://wiki.open311.org/GeoReport_v2"
    formats = [one.text for one in tree.findall(end + "formats/format")]
    assert formats == ["text/xml", "application/json"]
    assert as_json("discovery", data)["endpoints"][0]["type"] == "test"


@whatever(some.text())
def test_any_text_can_be_written_and_read_again(text: str) -> None:
    data = serializers.errors_data([GeoReportError(400, text + "\x00\ud800\ufffe<&]]>")])
    said = as_xml("errors", data).findtext("error/description") or ""
    assert said.endswith("<&]]>")
    kept = as_json("errors", data)[0]["description"]
    assert kept.replace("\r\n", "\n").replace("\r", "\n") == said


def test_without_dates_the_last_ninety_days_are_meant() -> None:
    found = parameters.listing({"start_date": "", "status": " "}, now=NOW)
    assert found.end == NOW
    assert found.start == NOW - timedelta(days=90)
    assert (found.page, found.page_size) == (1, 1000)
    assert found.statuses == ()


def test_one_end_sets_the_other() -> None:
    found = parameters.listing({"start_date": "2026-01-01T00:00:00Z"}, now=NOW)
    assert found.end - found.start == timedelta(days=90)
    found = parameters.listing({"end_date": "2026-01-01T00:00:00-05:00"}, now=NOW)
    assert found.end == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert found.end - found.start == timedelta(days=90)
    # A plus sign that nobody escaped; a day alone is a day here.
    found = parameters.listing({"start_date": "2026-11-01T00:00:00 08:00"}, now=NOW)
    assert found.start == datetime(2026, 11, 1, tzinfo=CHINA)
    found = parameters.listing({"end_date": "2026-11-01"}, now=NOW)
    assert found.end.date().isoformat() == "2026-11-01"
    assert found.end.hour == 23


def test_numbers_codes_and_statuses_are_lists_with_commas() -> None:
    asked = {"service_request_id": "1, 2,,2", "service_code": "a,b", "status": "open,closed"}
    found = parameters.listing(asked, now=NOW)
    assert found.numbers == ("1", "2")
    assert found.codes == ("a", "b")
    assert found.statuses == ("open", "closed")


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"start_date": "gestern"}, "start_date"),
        ({"start_date": "2026-01-01T00:00:00"}, "start_date"),
        ({"end_date": "0001-01-01T00:00:00+14:00"}, "end_date"),
        ({"end_date": "2026-02-30"}, "end_date"),
        ({"start_date": "2026-01-01", "end_date": "2026-06-01"}, "90"),
        ({"start_date": "2026-06-01", "end_date": "2026-01-01"}, "end_date"),
        ({"status": "fixed"}, "status"),
        ({"page": "0"}, "page"),
        ({"page": "²"}, "page"),
        ({"page_size": "1001"}, "page_size"),
        ({"service_request_id": ",".join(map(str, range(1001)))}, "service_request_id"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(asked: dict[str, str], word: str) -> None:
    with pytest.raises(RequestDeclined, match=word) as refused:
        parameters.listing(asked, now=NOW)
    assert refused.value.status == 400


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(RequestDeclined) as refused:
        parameters.report({"lat": "x", "attribute[WHAT]": "1"}, (SPOT, ANSWER))
    said = [one.description for one in refused.value.wrong]
    assert len(said) == 5, said  # code, lat, long missing, unknown attribute, required one


def test_a_report_is_read() -> None:
    told = parameters.report(
        {
            "service_code": "lift",
            "description": "  不动了 ",
            "address_string": "东方丽都1幢",
            "last_name": "虞",
            "first_name": "阿香",
            "phone": "13800000000",
            "attribute[ANSWER]": "yes",
            "attribute[SPOT][]": "三号梯",
            "media_url": "https://pictures.example/1.jpg",
            "device_id": "x",
        },
        (SPOT, ANSWER),
    )
    assert told.description == "不动了"
    assert told.name == "虞阿香"
    assert told.attributes == {"ANSWER": "yes", "SPOT": "三号梯"}
    assert told.media_url


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://x/y",
        "https://",
        "http://x y",
        "http://[::1",
        "https://x:99999/",
    ],
)
def test_a_link_is_a_link(link: str) -> None:
    with pytest.raises(RequestDeclined, match="media_url"):
        parameters.report({"service_code": "a", "address_id": "1", "media_url": link}, ())


@whatever(
    some.dictionaries(
        some.sampled_from(
            [
                "start_date",
                "end_date",
                "status",
                "page",
                "page_size",
                "lat",
                "long",
                "media_url",
                "service_code",
                "attribute[SPOT]",
                "attribute[]",
                "description",
                "address_string",
            ]
        ),
        some.text() | some.sampled_from(["1e999", "nan", "9999-12-31T23:59:59-23:59", "http://["]),
    )
)
def test_whatever_is_sent_is_read_or_declined(asked: dict[str, str]) -> None:
    for read in (
        lambda: parameters.listing(asked, now=NOW),
        lambda: parameters.report(asked, (SPOT, ANSWER)),
    ):
        wrong: tuple[GeoReportError, ...] = ()
        try:
            read()
        except RequestDeclined as refused:
            wrong = refused.wrong
        assert all(
            geo_report_error.code == 400 and geo_report_error.description
            for geo_report_error in wrong
        )
