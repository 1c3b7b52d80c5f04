"""The certificate that an office is served with: its authority's, or a real one that is checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from linli.core.errors import Refused
from linli.core.office import authority
from linli.core.office.note import Office

WARN_DAYS, AUTHORITY_WARN_DAYS = 30, 365


def make_ready(office: Office) -> tuple[Path, Path]:
    """Return the files of certificate and key; what could not be served is refused."""
    if office.has_authority:
        _check_own_name(office.name)
        return authority.make_ready(office)
    check_given(office)
    return Path(office.certificate), Path(office.key)


def _check_own_name(name: str) -> None:
    """Refuse a name under which others have theirs: phones would trust us for all of them."""
    parts = name.split(".")
    if not name or parts[-1] == "local":
        return
    # linli.panhuo.cn is one office's; panhuo.cn, and linli.gov.cn, may have others below them.
    is_shared_ending = len(parts[-1]) == 2 and len(parts) > 1 and len(parts[-2]) <= 3
    if len(parts) < (4 if is_shared_ending else 3):
        raise Refused(
            "office.name_too_short",
            f"{name} 不是一个单位的名字，不能为它签证书",
            hint="写这台机器自己的完整名字，例如 linli.local 或 linli.panhuo.gov.cn",
        )


def check_given(office: Office) -> None:
    """Refuse a given certificate that browsers would refuse: expired, another's, not its key."""
    certificate = read_given(office)
    if certificate.issuer == certificate.subject:
        raise Refused(
            "office.self_signed",
            f"证书 {office.certificate} 是自己给自己签的，手机都不信任",
            hint="不写 --certificate，邻里给办公室发证书，手机扫码装一次；或向证书机构申请一张",
        )
    _check_days(certificate, datetime.now(UTC))
    if not office.name:
        raise Refused(
            "office.no_name",
            "用自己的证书时要写名字",
            hint="linli serve --office --name 证书上的名字 --certificate 文件 --key 文件",
        )
    names = names_of(certificate)
    if not is_for(office.name, names):
        raise Refused(
            "office.another_name",
            f"证书不是给 {office.name} 的，是给 {'、'.join(names) or '没有写名字的'} 的",
            hint="改 --name，或换一张证书",
        )
    if _public_bytes(_key(office).public_key()) != _public_bytes(certificate.public_key()):
        raise Refused(
            "office.key_does_not_fit",
            f"密钥 {office.key} 不是证书 {office.certificate} 的",
            hint="两个文件要是同一次申请的；证书文件里自己的那张要在最前面",
        )


def _check_days(certificate: x509.Certificate, now: datetime) -> None:
    if now >= certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.astimezone()
        raise Refused(
            "office.certificate_expired",
            f"证书在 {day:%Y-%m-%d} 到期了，浏览器不会打开",
            hint="换一张新的证书，再启动",
        )
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.astimezone()
        raise Refused(
            "office.certificate_not_yet",
            f"证书到 {day:%Y-%m-%d} 才生效",
            hint="看看这台机器的日期对不对",
        )


def read_given(office: Office) -> x509.Certificate:
    """Return the first certificate of the given file: the one that is for the name."""
    file = Path(office.certificate)
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())[0]
    except (OSError, ValueError, IndexError) as wrong:
        raise Refused(
            "office.certificate_unreadable",
            f"证书 {file} 读不出来",
            hint="要 PEM 格式（-----BEGIN CERTIFICATE-----），本用户可读，中间证书接在后面",
        ) from wrong


def _key(office: Office) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(Path(office.key).read_bytes(), None)
    except (OSError, ValueError, TypeError) as wrong:
        raise Refused(
            "office.key_unreadable",
            f"密钥 {office.key} 读不出来",
            hint="要 PEM 格式，不带口令，本用户可读",
        ) from wrong


def _public_bytes(key: PublicKeyTypes) -> bytes:
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, kind)


def names_of(certificate: x509.Certificate) -> list[str]:
    """Return the DNS names that a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def is_for(name: str, names: Sequence[str]) -> bool:
    """Is a name among these? ``*.`` stands for one word, as browsers read it."""
    star = f"*.{name.partition('.')[2]}"
    return name.lower() in (given := [one.lower() for one in names]) or star.lower() in given


def _days_of_authority(office: Office) -> int:
    try:
        return authority.days_left(office)
    except (OSError, ValueError):
        return 0


def outlook(office: Office) -> tuple[str, str, str]:
    """Return good, warn or bad with sentence and hint: how long is the certificate good for?"""
    try:
        if office.has_authority:
            served = office.folder / authority.CHAIN
            certificate = x509.load_pem_x509_certificate(served.read_bytes())
        else:
            check_given(office)
            certificate = read_given(office)
    except Refused as wrong:
        return "bad", wrong.sentence, wrong.hint
    except (OSError, ValueError):
        return "warn", "还没有证书", "启动 linli serve --office 就会签"
    if office.has_authority and (days := _days_of_authority(office)) < AUTHORITY_WARN_DAYS:
        told = f"手机装过的证书还有 {days} 天到期"
        return "warn", told, "到期以后启动会换新的，那时每部手机要再装一次：提前告诉大家"
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    day = certificate.not_valid_after_utc.astimezone()
    sentence = f"{office.name or office.number}，到 {day:%Y-%m-%d}，还有 {max(left.days, 0)} 天"
    again = "重新启动 linli serve --office，会自己换新的，手机不用再装"
    hint = again if office.has_authority else "申请新的证书，放到同一个文件，再重新启动"
    if left < timedelta(0):
        return "bad", sentence, hint
    if left < timedelta(days=WARN_DAYS):
        return "warn", sentence, hint
    return "good", sentence, ""
