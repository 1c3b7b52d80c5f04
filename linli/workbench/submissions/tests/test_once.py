"""What is sent again counts once and is answered as before: the server decides, by its key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.workbench.journal.models import JournalEntry
from linli.workbench.submissions import claims, rules
from linli.workbench.submissions.models import Submission
from tests.people import Subdistrict, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db]
KEY, OTHER_KEY = "k" * 22, "o" * 22
WORDS = "楼道灯坏了，已报物业"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def signed_in(name: str, town: Subdistrict) -> Client:
    client = Client()
    client.force_login(a_user(name, "grid_worker", town.grids[0]))
    return client


def send(client: Client, home: Place, key: str = KEY, text: str = WORDS, **headers: str) -> Any:
    """Send a note about a dwelling under a key."""
    address = f"/journal/note/places.place/{home.pk}/"
    return client.post(address, {"text": text, "submission": key}, headers=headers)


def notes(text: str = WORDS) -> int:
    with system_scope("test"):
        return JournalEntry.objects.filter(text=text).count()


@pytest.mark.postgres
def test_the_same_form_twice_is_one_note_and_the_same_answer(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    first, again = send(client, home), send(client, home)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert notes() == 1
    assert "没有重复记" in client.get(again["Location"]).content.decode()


def test_without_a_key_each_form_counts(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    send(client, home, key="")
    send(client, home, key="too short")
    assert notes() == 2
    assert not Submission.objects.exists()


def test_the_key_of_another_user_is_never_answered_with_their_answer(town: Subdistrict) -> None:
    home = town.home("1", "101")
    first = send(signed_in("lin", town), town.home("1", "201"))
    other = send(signed_in("wang", town), home)
    assert other["Location"] != first["Location"]
    assert notes() == 2


def test_a_refusal_leaves_the_key_free(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    refused = send(client, home, text="")
    assert (refused.status_code, refused["Linli-Submission"]) == (422, "refused")
    assert client.cookies["linli_sent"].value == f"{KEY}.refused"
    sent = send(client, home)
    assert sent["Linli-Submission"] == "accepted"
    assert client.cookies["linli_sent"].value == f"{KEY}.accepted"
    assert notes() == 1


def test_another_content_under_a_key_that_counted_is_refused_with_its_words(
    town: Subdistrict,
) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    send(client, home)
    other = send(client, home, text="楼道灯又坏了")
    assert (other.status_code, other["Linli-Submission"]) == (422, "partly")
    assert "楼道灯又坏了" in other.content.decode()
    assert notes("楼道灯又坏了") == 0


def test_what_a_page_writes_anew_each_time_is_no_other_content(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    address = f"/journal/note/places.place/{home.pk}/"
    for page in ("one", "two"):
        sent = {"text": WORDS, "submission": KEY, "form_token": page, "a-shown": page}
        assert client.post(address, sent).status_code == 302
    assert notes() == 1


def test_a_script_is_told_the_address_and_the_next_page_the_words(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    answer = send(client, home, **{"X-Linli-Submission": "1"})
    assert (answer.status_code, answer["Linli-Submission"]) == (200, "accepted")
    assert "已记下" in client.get(answer.json()["location"]).content.decode()
    assert "linli_sent" not in client.cookies


def test_a_script_whose_user_has_signed_out_is_told_so_and_nothing_is_stored(
    town: Subdistrict,
) -> None:
    answer = send(Client(), town.home("1", "101"), **{"X-Linli-Submission": "1"})
    assert (answer.status_code, answer["Linli-Submission"]) == (401, "signed-out")
    assert notes() == 0


def test_a_key_does_not_spare_the_page_its_own_proof(town: Subdistrict) -> None:
    client, home = Client(enforce_csrf_checks=True), town.home("1", "101")
    client.force_login(a_user("lin", "grid_worker", town.grids[0]))
    with_nothing = send(client, home, **{"X-Linli-Submission": "1"})
    assert with_nothing.status_code == 403
    assert not with_nothing.has_header("Linli-Submission")
    assert notes() == 0


def test_a_form_stored_in_part_is_told_as_that(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    # The note is stored; then the page that should follow breaks.
    broken = "linli.workbench.journal.pages.notes.record_address"
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(broken, lambda *_any: 1 / 0)
        answer = send(client, home)
        assert (answer.status_code, answer["Linli-Submission"]) == (500, "partly")
    again = send(client, home)
    assert again.status_code == 422
    assert "只记下了一部分" in again.content.decode()
    assert notes() == 1


def test_keys_are_forgotten_in_time(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    send(client, home)
    send(client, home, key=OTHER_KEY)
    long_ago = timezone.now() - timedelta(days=rules.KEPT_DAYS, hours=1)
    Submission.objects.filter(key=KEY).update(at=long_ago)
    assert claims.forget() == 1
    assert list(Submission.objects.values_list("key", flat=True)) == [OTHER_KEY]
    assert rules.KEPT_DAYS > rules.DRAFT_DAYS


def test_what_htmx_asks_while_a_form_is_filled_in_is_not_the_form(town: Subdistrict) -> None:
    client, home = signed_in("lin", town), town.home("1", "101")
    send(client, home)
    asked = {"text": WORDS, "submission": KEY}
    answer = client.post("/cases/take/advice/", asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert not answer.has_header("Linli-Submission")
