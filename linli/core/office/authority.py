"""An office's own authority: what phones are told to trust, and nothing but this office by it.

The root's key signs once and is thrown away. What stays on the machine is the key of an issuer
below it, whose constraints every phone obeys: whoever steals that key can pose as this office and
as nobody else. (Not every phone looks at constraints of a root itself: decision 0036.)
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from linli.core.errors import Refused
from linli.core.office.addresses import OFFICE_NETWORKS
from linli.core.office.note import Office, write_privately

AUTHORITY_YEARS, LEAF_DAYS, RENEW_DAYS = 10, 397, 30
ROOT, ISSUER, ISSUER_KEY, CHAIN, KEY = (
    "authority.pem",
    "issuer.pem",
    "issuer.key",
    "served.pem",
    "served.key",
)
PEM = serialization.Encoding.PEM
# Clocks of phones differ.
BEFORE = timedelta(days=1)


def make_ready(office: Office) -> tuple[Path, Path]:
    """Return the files of certificate and key, made or renewed where that is due."""
    folder = office.folder
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if trouble := _trouble_of(office):
        _refuse_another(office, trouble)
        _make_authority(office)
    if not _leaf_serves(office):
        _make_leaf(office)
    return folder / CHAIN, folder / KEY


def root_of(office: Office) -> x509.Certificate:
    """Return what the phones are given."""
    return _read(office.folder / ROOT)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in groups of four, to be compared by eye."""
    digits = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _read(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _read_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(file.name)
    return key


def _trouble_of(office: Office) -> str:
    """Say why the authority cannot vouch for this office; "" if it can."""
    folder = office.folder
    try:
        root, issuer = _read(folder / ROOT), _read(folder / ISSUER)
        issuer.verify_directly_issued_by(root)
        fits = _read_key(folder / ISSUER_KEY).public_key() == issuer.public_key()
    except (OSError, ValueError, TypeError, InvalidSignature):
        return "证书机构的文件缺了或坏了"
    if not fits:
        return "签发的密钥不是这个证书机构的"
    if issuer.not_valid_after_utc <= datetime.now(UTC):
        return "证书机构到期了"
    return "" if _may_vouch(issuer, office.name) else f"手机装过的证书管不到 {office.name} 这个名字"


def _refuse_another(office: Office, trouble: str) -> None:
    """Phones trust the authority that they were given: it is never replaced without a word."""
    if (office.folder / ROOT).exists() and not _has_ended(office):
        raise Refused(
            "office.another_authority",
            f"{trouble}，换一个的话，每部手机都要重新装一次证书",
            hint=f"从副本放回 {office.folder}，或用回原来的名字；确定要换，先移走"
            f" {office.folder / ROOT}，再启动",
        )


def _has_ended(office: Office) -> bool:
    try:
        return days_left(office) < 0
    except (OSError, ValueError):
        return False


def days_left(office: Office) -> int:
    """Return how many days phones that trust the office still can."""
    return (root_of(office).not_valid_after_utc - datetime.now(UTC)).days


def _may_vouch(issuer: x509.Certificate, name: str) -> bool:
    permitted = issuer.extensions.get_extension_for_class(x509.NameConstraints).value
    names = [one.value for one in permitted.permitted_subtrees or () if _is_dns(one)]
    return not name or any(name == one or name.endswith(f".{one}") for one in names)


def _is_dns(one: x509.GeneralName) -> bool:
    return isinstance(one, x509.DNSName)


def constraints_of(office: Office) -> x509.NameConstraints:
    """Return what the authority may vouch for: the office's name and inner networks."""
    names = dict.fromkeys([office.name, "local", "localhost"])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in names if name]
    permitted += [x509.IPAddress(network) for network in OFFICE_NETWORKS]
    return x509.NameConstraints(permitted, excluded_subtrees=None)


def _subject(words: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "邻里 Linli"),
            x509.NameAttribute(NameOID.COMMON_NAME, words),
        ]
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now - BEFORE + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _make_authority(office: Office) -> None:
    root_key, issuer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    called = f"{office.name or '办公室'} {datetime.now(UTC):%Y-%m-%d}"
    lasts = timedelta(days=AUTHORITY_YEARS * 365)
    limits = constraints_of(office)
    root_name, issuer_name = _subject(f"邻里证书 {called}"), _subject(f"邻里签发 {called}")
    usage = _usage(signs_certificates=True)
    root = (
        _begun(root_name, root_name, root_key.public_key(), lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(limits, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = (
        _begun(issuer_name, root_name, issuer_key.public_key(), lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(limits, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_key_of(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    # The key first: without the certificates beside it, it is made anew.
    _write_key(office.folder / ISSUER_KEY, issuer_key)
    write_privately(office.folder / ISSUER, issuer.public_bytes(PEM))
    write_privately(office.folder / ROOT, root.public_bytes(PEM))


def _key_of(key: ec.EllipticCurvePublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    plain = serialization.NoEncryption()
    write_privately(file, key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))


def _names_of(office: Office) -> list[x509.GeneralName]:
    numbers = dict.fromkeys([*office.addresses, "127.0.0.1"])
    return [
        *(x509.DNSName(name) for name in office.dns_names),
        *(x509.IPAddress(ipaddress.ip_address(number)) for number in numbers),
    ]


def _leaf_serves(office: Office) -> bool:
    """Is what is served for today's names, of this authority, and not near its end?"""
    folder = office.folder
    try:
        leaf, issuer = _read(folder / CHAIN), _read(folder / ISSUER)
        leaf.verify_directly_issued_by(issuer)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        fits = _read_key(folder / KEY).public_key() == leaf.public_key()
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    left = leaf.not_valid_after_utc - datetime.now(UTC)
    return fits and left > timedelta(days=RENEW_DAYS) and set(names) == set(_names_of(office))


def _make_leaf(office: Office) -> None:
    folder = office.folder
    issuer = _read(folder / ISSUER)
    key = ec.generate_private_key(ec.SECP256R1())
    left = issuer.not_valid_after_utc - datetime.now(UTC)
    lasts = min(timedelta(days=LEAF_DAYS), left + BEFORE)  # never beyond its issuer
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, office.name or office.number)])
    leaf = (
        _begun(subject, issuer.subject, key.public_key(), lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_names_of(office)), critical=False)
        .add_extension(_key_of(_read_key(folder / ISSUER_KEY).public_key()), critical=False)
        .sign(_read_key(folder / ISSUER_KEY), hashes.SHA256())
    )
    _write_key(folder / KEY, key)
    write_privately(folder / CHAIN, leaf.public_bytes(PEM) + issuer.public_bytes(PEM))
