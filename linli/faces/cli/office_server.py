"""`linli serve --office`: what has to be right before an office's own network is served."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from linli.core.errors import Refused
from linli.core.office import addresses, authority, certificates
from linli.core.office import note as office_note
from linli.core.office.note import Office
from linli.core.runtime.supervision import Part
from linli.faces.cli.context import CliContext

NAME = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
HIGHEST_PORT = 65535
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - refused where an address of the internet is among them
AGAIN = "from linli.faces.cli.main import main; raise SystemExit(main())"


def prepare(
    given: CliContext, wait_for_the_port: Callable[[str, int], None]
) -> tuple[Office, dict[str, Any]]:
    """Return what is served and the web server's certificate; refuse what could not be served.

    Where this process began in another mode, or the office has changed, it begins again as the
    office's: what it may be called by stands in the settings.
    """
    from django.conf import settings

    _refuse_made_up_data()
    if settings.MODE == "production":
        raise Refused(
            "office.is_production",
            "生产模式不能用 --office：那里由 nginx 管 HTTPS",
            hint="把设置里的 LINLI_MODE 改成 office，再运行",
        )
    office = _wanted(given, office_note.read(settings.DATA_DIR))
    _check_addresses(office)
    certificate, key = certificates.make_ready(office)
    if office != settings.LINLI_OFFICE:
        for port in office.ports:  # before it is remembered
            wait_for_the_port(office.host or EVERY_ADDRESS, port)
        office.keep()
        _begin_again()
    if not office.has_authority or _names_are_found(office):
        return office, _tls(certificate, key)
    given.warn(f"注意：本机查不到 {office.name}。请在路由器或单位的 DNS 里把它指到 {office.number}")
    return office, _tls(certificate, key)


def _refuse_made_up_data() -> None:
    from django.conf import settings

    from linli.core.database.marks import bears_the_mark

    if settings.DEMO or bears_the_mark():
        raise Refused(
            "office.demonstration",
            "这是演示数据，不能给办公室用：谁都能一点即登录",
            hint="给一个空的 LINLI_DATA，运行 linli init，再运行 linli serve --office",
        )


def _wanted(given: CliContext, kept: Office) -> Office:
    """Return the kept office with what was asked for this time."""
    options = given.options
    if bool(options.certificate) != bool(options.key):
        raise Refused("office.half_a_pair", "--certificate 和 --key 要一起写")
    name = None if options.name is None else options.name.strip().rstrip(".").lower()
    if name and (not NAME.fullmatch(name) or addresses.is_an_address(name)):
        raise Refused(
            "office.bad_name",
            f"“{options.name}”不是网络上的名字",
            hint="只用小写字母、数字、横线和点，例如 linli.local；只有数字地址的，不写 --name",
        )
    for port in (options.port, options.steps_port):
        if port is not None and not 1 <= port <= HIGHEST_PORT:
            raise Refused("office.bad_port", f"没有端口 {port}", hint=f"1–{HIGHEST_PORT}")
    host = "" if options.host in (EVERY_ADDRESS, "") else options.host
    office = kept.with_options(
        name=name,
        host=host,
        port=options.port,
        steps_port=options.steps_port,
        certificate=_whole(options.certificate),
        key=_whole(options.key),
    )
    if len(set(office.ports)) < len(office.ports):
        raise Refused(
            "office.one_port_twice",
            f"网页和装证书的页面不能用同一个端口 {office.port}",
            hint="换一个 --port 或 --steps-port",
        )
    return office


def _whole(file: str | None) -> str | None:
    return str(Path(file).resolve()) if file else file


def _check_addresses(office: Office) -> None:
    if office.host:
        if not addresses.is_of_an_office(office.host):
            raise Refused(
                "office.not_inner",
                f"{office.host} 不是内网地址",
                hint="只给办公室自己的网络用：10.…、172.16–31.…、192.168.…",
            )
        return
    there = addresses.of_this_machine()
    open_ones = [one for one in there if ipaddress.ip_address(one).is_global]
    if not office.addresses:
        raise Refused(
            "office.no_inner_address",
            f"这台机器没有内网地址（{'、'.join(there) or '没有连网'}），办公室的手机连不上",
            hint="连上办公室的网络再启动；只在这台机器上试：--host 127.0.0.1",
        )
    if open_ones:
        raise Refused(
            "office.is_open_to_all",
            f"这台机器有互联网上的地址 {'、'.join(open_ones)}，那样谁都能连进来",
            hint=f"只在内网地址上服务：--host {office.number}",
        )


def _begin_again() -> None:
    """Become the same command with the office's settings."""
    sys.stdout.flush()
    os.execve(  # noqa: S606 - our own interpreter and our own code
        sys.executable,
        [sys.executable, "-P", "-c", AGAIN, *sys.argv[1:]],
        {**os.environ, "LINLI_MODE": "office"},
    )


def _names_are_found(office: Office) -> bool:
    """Does this machine find the office's name at one of its own addresses?"""
    if not office.name:
        return True
    return bool(addresses.of_name(office.name) & {*office.addresses, "127.0.0.1", "127.0.1.1"})


def _tls(certificate: Path, key: Path) -> dict[str, Any]:
    from granian.constants import SSLProtocols

    # Phones of before 2018 know no 1.3.
    return {"ssl_cert": certificate, "ssl_key": key, "ssl_protocol_min": SSLProtocols.tls12}


def parts(office: Office) -> list[Part]:
    """Return what runs beside the pages: the steps for phones, where the authority is our own."""
    from linli.faces.office import steps

    return [Part("steps", partial(steps.serve, office))] if office.has_authority else []


def say(given: CliContext, office: Office) -> None:
    """Tell at the terminal how a phone comes in."""
    import segno

    if given.as_json:
        return
    given.say(f"邻里办公室：{office.address}/ （Ctrl+C 停止）")
    link = office.steps_address if office.has_authority else f"{office.address}/"
    given.say(f"手机连办公室自己的网络，扫这个码，或打开 {link}\n")
    segno.make(link, error="l").terminal(out=sys.stdout, border=2, compact=True)
    if office.has_authority:
        shown = authority.fingerprint(authority.root_of(office))
        given.say(f"\n证书指纹，手机上看到的要一样：\n  {shown[:39]}\n  {shown[40:]}")
    if not office.name:
        given.say("没有名字（--name）：用数字网址，不能用通行密钥。")
