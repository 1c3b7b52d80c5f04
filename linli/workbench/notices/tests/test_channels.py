"""Each channel says honestly what became of a message: taken, refused, down, or unknown."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from linli.core.network.success_rule import SuccessRule
from linli.workbench.notices.channels import (
    BadAddress,
    OutgoingMessage,
    SendOutcome,
    check_address,
    factory,
    web,
)
from linli.workbench.notices.channels import robots as robots_module
from linli.workbench.notices.channels.mail import Mail
from linli.workbench.notices.channels.robots import DingTalk, Feishu, WeComApp, WeComBot
from linli.workbench.notices.channels.sms import FileGateway, HttpGateway
from linli.workbench.notices.success_rules import chosen_rule
from linli.workbench.notices.tests.standing_in import Heard, a_mail_server, a_server, nobody_listens

MESSAGE = OutgoingMessage("key-1", "停水通知", "明天停水", to="13905740001")
ROBOTS = [
    WeComBot("abc"),
    DingTalk("abc"),
    Feishu("abc"),
    DingTalk("abc", "SECx"),
    Feishu("a", "s"),
]


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """All of them, on this machine."""
    with a_server() as heard:
        for name in ("WECOM", "DINGTALK", "FEISHU"):
            monkeypatch.setattr(robots_module, name, heard.address)
        yield heard


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_says_it_in_the_group(there: Heard, robot: WeComBot) -> None:
    assert robot.send(MESSAGE).outcome is SendOutcome.TAKEN
    (body,) = there.bodies
    said = body.get("text") or body["content"]
    assert "停水通知\n明天停水" in said.values()


@pytest.mark.parametrize("robot", ROBOTS)
def test_http_200_with_an_error_number_is_no_success(there: Heard, robot: WeComBot) -> None:
    there.answer = {"errcode": 93000, "code": 19001, "errmsg": "invalid webhook url"}
    assert robot.send(MESSAGE).outcome is SendOutcome.REFUSED
    there.answer = {"errcode": 45009, "code": 9499, "errmsg": "too many"}
    assert robot.send(MESSAGE).outcome is SendOutcome.DOWN
    there.status, there.answer = 502, {}
    assert robot.send(MESSAGE).outcome is SendOutcome.DOWN


@pytest.mark.parametrize("robot", ROBOTS)
def test_when_the_line_breaks_nobody_knows(there: Heard, robot: WeComBot) -> None:
    there.hangs_up = True
    assert robot.send(MESSAGE).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize("robot", [*ROBOTS, WeComApp("corp", "1", "secret")])
def test_without_a_connection_nothing_was_handed_over(
    monkeypatch: pytest.MonkeyPatch, robot: WeComBot
) -> None:
    for name in ("WECOM", "DINGTALK", "FEISHU"):
        monkeypatch.setattr(robots_module, name, f"http://127.0.0.1:{nobody_listens()}")
    assert robot.send(MESSAGE).outcome is SendOutcome.DOWN


def test_a_silent_server_leaves_it_unknown(there: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.1)
    there.silent_seconds = 0.4
    assert WeComBot("abc").send(MESSAGE).outcome is SendOutcome.UNKNOWN


def test_dingtalk_and_feishu_are_signed(there: Heard) -> None:
    DingTalk("abc", "SECx").send(MESSAGE)
    asked = parse_qs(urlsplit(there.paths[-1]).query)
    moment = asked["timestamp"][0]
    made = hmac.new(b"SECx", f"{moment}\nSECx".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(made).decode()]
    Feishu("abc", "s").send(MESSAGE)
    body = there.bodies[-1]
    made = hmac.new(f"{body['timestamp']}\ns".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(made).decode()


def test_the_application_fetches_a_ticket_first(there: Heard) -> None:
    there.answer = {"errcode": 0, "access_token": "t", "msgid": "m-1"}
    receipt = WeComApp("corp", "1000002", "secret", "lin|zhou").send(MESSAGE)
    assert (receipt.outcome, receipt.reference) == (SendOutcome.TAKEN, "m-1")
    assert there.paths == [
        "/cgi-bin/gettoken?corpid=corp&corpsecret=secret",
        "/cgi-bin/message/send?access_token=t",
    ]
    assert there.bodies[-1]["touser"] == "lin|zhou"
    there.answer = {"errcode": 40013, "errmsg": "invalid corpid"}
    assert WeComApp("corp", "1000002", "secret").send(MESSAGE).outcome is SendOutcome.DOWN


def test_the_sms_gateway_gets_the_key_that_tells_doubles(there: Heard) -> None:
    gateway = HttpGateway(there.address, "token")
    assert gateway.send(MESSAGE).outcome is SendOutcome.TAKEN
    assert there.bodies == [{"to": "13905740001", "text": "明天停水", "key": "key-1"}]
    assert there.headers[-1]["Idempotency-Key"] == "key-1"
    assert there.headers[-1]["Authorization"] == "Bearer token"
    for status, outcome in (
        (400, SendOutcome.REFUSED),
        (429, SendOutcome.DOWN),
        (503, SendOutcome.DOWN),
    ):
        there.status = status
        assert gateway.send(MESSAGE).outcome is outcome
    there.hangs_up = True
    assert gateway.send(MESSAGE).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"success": True}, SendOutcome.TAKEN),
        ({"success": True, "code": 200, "msg": "操作成功"}, SendOutcome.TAKEN),
        ({"code": 0}, SendOutcome.TAKEN),
        ({"code": "0"}, SendOutcome.TAKEN),
        ({"code": "OK"}, SendOutcome.TAKEN),
        ({"Code": "OK", "Message": "OK", "BizId": "9006"}, SendOutcome.TAKEN),
        ({"Response": {"SendStatusSet": [{"Code": "Ok"}]}}, SendOutcome.TAKEN),
        ({"success": False}, SendOutcome.UNKNOWN),
        ({"success": True, "code": 500}, SendOutcome.UNKNOWN),
        ({"success": 0}, SendOutcome.UNKNOWN),
        ({"code": 1, "msg": "余额不足"}, SendOutcome.UNKNOWN),
        ({"code": False}, SendOutcome.UNKNOWN),
        ({"code": None}, SendOutcome.UNKNOWN),
        ({"errcode": 40001}, SendOutcome.UNKNOWN),
        ({"id": "7"}, SendOutcome.UNKNOWN),
        ({}, SendOutcome.UNKNOWN),
        ({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, SendOutcome.REFUSED),
        ({"Code": "isv.AMOUNT_NOT_ENOUGH"}, SendOutcome.DOWN),
        (
            {"Response": {"SendStatusSet": [{"Code": "FailedOperation.ContainSensitiveWord"}]}},
            SendOutcome.REFUSED,
        ),
        ({"Response": {"Error": {"Code": "AuthFailure"}}}, SendOutcome.UNKNOWN),
    ],
)
def test_http_200_counts_as_sent_only_when_the_answer_says_so(
    there: Heard, answer: dict[str, Any], outcome: SendOutcome
) -> None:
    there.answer = answer
    assert HttpGateway(there.address).send(MESSAGE).outcome is outcome


def test_the_rule_of_a_gateway_is_a_path_and_its_values(there: Heard) -> None:
    own = HttpGateway(there.address, rule=SuccessRule("data.0.state", "delivrd|1"))
    for answer, outcome in (
        ({"data": [{"state": "DELIVRD"}], "code": 7}, SendOutcome.TAKEN),
        ({"data": [{"state": 1}]}, SendOutcome.TAKEN),
        ({"data": [{"state": 2}], "code": 0}, SendOutcome.UNKNOWN),
        ({"data": []}, SendOutcome.UNKNOWN),
        ({"data": {"state": 1}}, SendOutcome.UNKNOWN),
    ):
        there.answer = answer
        assert own.send(MESSAGE).outcome is outcome, answer
    status_alone = HttpGateway(there.address, rule=chosen_rule("http"))
    there.answer = {}
    assert status_alone.send(MESSAGE).outcome is SendOutcome.TAKEN
    there.status = 302
    assert status_alone.send(MESSAGE).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize("robot", ROBOTS)
def test_an_answer_without_the_vendors_number_leaves_it_unknown(
    there: Heard, robot: WeComBot
) -> None:
    there.answer = {"login": "请先认证网络"}
    assert robot.send(MESSAGE).outcome is SendOutcome.UNKNOWN
    there.answer = {"errcode": [1], "code": "x"}
    assert robot.send(MESSAGE).outcome is SendOutcome.UNKNOWN


def test_feishu_of_before_has_another_name_for_the_number(there: Heard) -> None:
    there.answer = {"Extra": None, "StatusCode": 0, "StatusMessage": "success"}
    assert Feishu("abc").send(MESSAGE).outcome is SendOutcome.TAKEN


def test_the_file_gateway_writes_one_line_or_says_that_it_cannot(tmp_path: Path) -> None:
    assert FileGateway(tmp_path / "sms").send(MESSAGE).outcome is SendOutcome.TAKEN
    assert len((tmp_path / "sms" / "sent.jsonl").read_text().splitlines()) == 1
    (tmp_path / "file").write_text("in the way")
    assert FileGateway(tmp_path / "file").send(MESSAGE).outcome is SendOutcome.DOWN


def test_mail_goes_by_apprise() -> None:
    mail = OutgoingMessage("k", "停水通知", "明天停水", to="lin@example.cn")
    with a_mail_server() as (port, mails):
        channel = Mail(f"mailto://127.0.0.1:{port}?from=linli@example.cn&mode=insecure")
        assert channel.send(mail).outcome is SendOutcome.TAKEN
        assert "lin@example.cn" in mails[0]
    with a_mail_server(refuses=True) as (port, _mails):
        channel = Mail(f"mailto://127.0.0.1:{port}?from=linli@example.cn&mode=insecure")
        assert channel.send(mail).outcome is SendOutcome.REFUSED
    channel = Mail(f"mailto://127.0.0.1:{nobody_listens()}?from=linli@example.cn&mode=insecure")
    assert channel.send(mail).outcome is SendOutcome.DOWN
    assert channel.send(MESSAGE).outcome in (SendOutcome.DOWN, SendOutcome.REFUSED)


@pytest.mark.parametrize(
    ("kind", "address", "secret"),
    [
        ("wecombot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx", ""),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec", "SEC1"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/xxxx-1", "s"),
        ("wecomapp", "ww1234/1000002", "secret"),
        ("sms", "file", ""),
        ("sms", "https://sms.example.cn/send", "token"),
        ("email", "mailtos://a:b@smtp.example.cn", ""),
    ],
)
def test_what_is_pasted_is_understood(kind: str, address: str, secret: str) -> None:
    check_address(kind, address, secret)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecombot", "https://evil.example/cgi-bin/webhook/send?key=abc"),
        ("wecombot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=a/../b"),
        ("feishu", "https://open.feishu.cn/hook/x"),
        ("wecomapp", "ww1234/app"),
        ("sms", "ftp://x"),
        ("email", "smtp://x"),
        ("call", "x"),
        ("sms", "https://x" * 99),
        ("sms", "http://sms.example.cn/send"),
        ("sms", "https://169.254.169.254/latest"),
        ("sms", "http://127.0.0.1:8080/"),
        ("sms", "https://[::ffff:10.0.0.1]/"),
        ("email", "mailtos://a:b@smtp.example.cn?verify=no"),
        ("email", "mailtos://a:b@smtp.example.cn?pgp=sign&pgppriv=/etc/passwd"),
    ],
)
def test_what_belongs_to_no_channel_is_refused(kind: str, address: str) -> None:
    with pytest.raises(BadAddress):
        check_address(kind, address, "")


def test_production_without_a_gateway_sends_no_sms_into_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.conf import settings

    assert factory.channel_of(None) is not None
    monkeypatch.setattr(settings, "MODE", "production")
    monkeypatch.setattr(settings, "DEMO", False)
    assert factory.channel_of(None) is None
