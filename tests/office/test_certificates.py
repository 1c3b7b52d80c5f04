"""What phones trust: this office by its name and numbers, and nobody else by its authority."""

from __future__ import annotations

import ipaddress
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from linli.core.errors import Refused
from linli.core.office import addresses, authority, certificates
from linli.core.office.note import Office

PEM = serialization.Encoding.PEM
NAME, HERE, MOVED = "linli.local", "192.168.1.10", "10.0.0.7"
BANK = "www.example.com"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    at(monkeypatch, HERE)
    office = Office(tmp_path / "office", name=NAME)
    certificates.make_ready(office)
    return office


def at(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    """Let the machine have these addresses."""
    monkeypatch.setattr(addresses, "of_this_machine", lambda: list(numbers))


def read(office: Office, file: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((office.folder / file).read_bytes())


def is_believed(office: Office, leaf: x509.Certificate, subject: x509.GeneralName) -> bool:
    """Would a browser that trusts the office's root believe that this is ``subject``?"""
    store = verification.Store(read(office, authority.ROOT))
    asking = verification.PolicyBuilder().store(store).build_server_verifier(subject)
    try:
        asking.verify(leaf, read(office, authority.ISSUER))
    except verification.VerificationError:
        return False
    return True


def forged(office: Office, *names: x509.GeneralName) -> x509.Certificate:
    """A certificate that somebody with the stolen key makes for another's name."""
    file = office.folder / authority.ISSUER_KEY
    stolen = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(stolen.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(read(office, authority.ISSUER)[0].subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(of_issuer, critical=False)
        .sign(stolen, hashes.SHA256())
    )


def dns(name: str) -> x509.DNSName:
    return x509.DNSName(name)


def ip(number: str) -> x509.IPAddress:
    return x509.IPAddress(ipaddress.ip_address(number))


def test_a_phone_believes_the_office_by_name_and_by_number(office: Office) -> None:
    leaf = read(office, authority.CHAIN)[0]
    assert is_believed(office, leaf, dns(NAME))
    assert is_believed(office, leaf, ip(HERE))
    assert is_believed(office, leaf, ip("127.0.0.1"))
    assert not is_believed(office, leaf, dns("other.local"))
    assert not is_believed(office, leaf, ip("192.168.1.11"))
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)


def test_whoever_steals_the_key_cannot_be_a_bank(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_believed(office, forged(office, dns("door.local")), dns("door.local"))
    for other in (dns(BANK), dns("local.example.com"), ip("8.8.8.8"), ip("172.32.0.1")):
        assert not is_believed(office, forged(office, other), other), other

    # Without its limits the same authority would be believed: it is they that hold.
    everything = x509.NameConstraints([dns("com")], None)
    monkeypatch.setattr(authority, "constraints_of", lambda _office: everything)
    for file in office.folder.iterdir():
        file.unlink()
    authority._make_authority(office)
    assert is_believed(office, forged(office, dns(BANK)), dns(BANK))


def test_the_limits_are_critical_and_no_key_of_the_root_is_left(office: Office) -> None:
    for file in (authority.ROOT, authority.ISSUER):
        (one,) = read(office, file)
        assert one.extensions.get_extension_for_class(x509.NameConstraints).critical
    root = authority.root_of(office).public_key()
    for file in office.folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
        if file.suffix == ".key":
            key = serialization.load_pem_private_key(file.read_bytes(), None)
            assert key.public_key() != root
    assert office.folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not shutil.which("openssl"), reason="another opinion, where there is one")
def test_openssl_says_the_same(office: Office, tmp_path: Path) -> None:
    def says(leaf: Path, *asked: str) -> bool:
        folder = office.folder
        trusted = ("-CAfile", folder / authority.ROOT, "-untrusted", folder / authority.ISSUER)
        command = ["openssl", "verify", "-x509_strict", *trusted, *asked, leaf]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    served, bank = office.folder / authority.CHAIN, tmp_path / "bank.pem"
    bank.write_bytes(forged(office, dns(BANK)).public_bytes(PEM))
    assert says(served, "-verify_hostname", NAME)
    assert says(served, "-verify_ip", HERE)
    assert not says(served, "-verify_hostname", BANK)
    assert not says(bank, "-verify_hostname", BANK)


def test_a_new_address_renews_the_certificate_and_no_phone_has_to_trust_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, root = read(office, authority.CHAIN)[0], authority.root_of(office)
    certificates.make_ready(office)
    assert read(office, authority.CHAIN)[0] == before, "nothing changed, nothing is renewed"

    at(monkeypatch, MOVED)
    certificates.make_ready(office)
    leaf = read(office, authority.CHAIN)[0]
    assert leaf != before
    assert authority.root_of(office) == root
    assert is_believed(office, leaf, ip(MOVED))
    assert not is_believed(office, leaf, ip(HERE))


def test_a_month_before_its_end_it_is_renewed_and_check_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert certificates.outlook(office)[0] == "good"
    monkeypatch.setattr(authority, "LEAF_DAYS", 20)
    (office.folder / authority.CHAIN).unlink()
    certificates.make_ready(office)
    old = read(office, authority.CHAIN)[0]
    state, sentence, hint = certificates.outlook(office)
    assert (state, "还有" in sentence, "重新启动" in hint) == ("warn", True, True)

    monkeypatch.setattr(authority, "LEAF_DAYS", 397)
    root = authority.root_of(office)
    certificates.make_ready(office)
    assert read(office, authority.CHAIN)[0] != old
    assert authority.root_of(office) == root
    assert certificates.outlook(office)[0] == "good"


def test_a_name_outside_the_limits_needs_another_authority(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = authority.root_of(office)
    certificates.make_ready(office.with_options(name="panhuo.local"))
    assert authority.root_of(office) == root
    town = office.with_options(name="linli.panhuo.example.cn")
    with pytest.raises(Refused, match="每部手机都要重新装"):
        certificates.make_ready(town)
    assert authority.root_of(office) == root, "never without a word"
    (office.folder / authority.ROOT).unlink()
    certificates.make_ready(town)
    assert authority.root_of(office) != root
    assert is_believed(office, read(office, authority.CHAIN)[0], dns(town.name))


@pytest.mark.parametrize("name", ["cn", "gov.cn", "zj.cn", "linli", "taobao.com", "ningbo.gov.cn"])
def test_an_authority_for_everybodys_name_is_not_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="不是一个单位的名字"):
        certificates.make_ready(Office(tmp_path / "office", name=name, host="127.0.0.1"))
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize("lost", [authority.ISSUER_KEY, authority.ISSUER, authority.ROOT])
def test_a_damaged_authority_is_not_replaced_unasked(office: Office, lost: str) -> None:
    root = authority.root_of(office)
    (office.folder / lost).write_text("damaged")
    with pytest.raises(Refused, match=r"缺了或坏了.*每部手机"):
        certificates.make_ready(office)
    if lost != authority.ROOT:
        assert authority.root_of(office) == root


def test_the_end_of_the_authority_is_told_a_year_ahead(office: Office) -> None:
    def outlook(days: int) -> str:
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=False):
            certificates.make_ready(office)
            return certificates.outlook(office)[0]

    assert outlook(365 * 8) == "good"
    root = authority.root_of(office)
    assert outlook(365 * 9 + 5) == "warn"
    assert outlook(365 * 10 - 20) == "warn"
    assert authority.root_of(office) == root, "the same to its end"
    outlook(365 * 10 + 5)
    assert authority.root_of(office) != root


def a_real_one(
    folder: Path, *names: str, days: int = 90, is_self_signed: bool = False
) -> tuple[str, str]:
    """A certificate from elsewhere, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    called, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])
        for words in ("real", "real" if is_self_signed else "an authority of phones")
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([dns(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    plain = serialization.NoEncryption()
    (folder / "real.pem").write_bytes(certificate.public_bytes(PEM))
    (folder / "real.key").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return str(folder / "real.pem"), str(folder / "real.key")


def test_a_real_certificate_is_looked_at_before_it_is_served(tmp_path: Path) -> None:
    good, key = a_real_one(tmp_path / "good", "*.panhuo.example.cn")
    soon, soon_key = a_real_one(tmp_path / "soon", "linli.panhuo.example.cn", days=20)
    old, old_key = a_real_one(tmp_path / "old", "linli.panhuo.example.cn", days=-1)
    own, own_key = a_real_one(tmp_path / "own", "*.panhuo.example.cn", is_self_signed=True)
    office = Office(tmp_path / "office", name="linli.panhuo.example.cn", host="127.0.0.1")

    def served(certificate: str, its_key: str, name: str = office.name) -> Office:
        return office.with_options(certificate=certificate, key=its_key, name=name)

    assert certificates.make_ready(served(good, key)) == (Path(good), Path(key))
    assert certificates.outlook(served(good, key))[0] == "good"
    assert certificates.outlook(served(soon, soon_key))[0] == "warn"
    assert certificates.outlook(served(old, old_key))[0] == "bad"
    for wrong, words in (
        (served(old, old_key), "到期了"),
        (served(good, key, "linli.else.example.cn"), "证书不是给 linli.else.example.cn 的"),
        (served(good, key, ""), "要写名字"),
        (served(good, soon_key), "不是证书"),
        (served(str(tmp_path / "none.pem"), key), "读不出来"),
        (served(good, good), "密钥 .* 读不出来"),
        (served(own, own_key), "自己给自己签的"),
    ):
        with pytest.raises(Refused, match=words):
            certificates.make_ready(wrong)
    assert not office.folder.exists(), "and no authority was made"
