"""R5, P7: the pages of the directory, and the link of an outside professional."""

from __future__ import annotations

from typing import Any

import pytest
import vobject
from django.test import Client

from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.tests.builders import Neighbourhood, a_neighbourhood
from linli.core.scope import system_scope
from linli.register.parties.models import Party, PartyContact
from linli.register.posts.models import User
from linli.workbench.journal.models import JournalEntry
from tests.edits import edit
from tests.people import a_user

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def here() -> Neighbourhood:
    return a_neighbourhood()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_one_box_answers_with_a_number_to_tap(here: Neighbourhood) -> None:
    asked = {"q": "夜里三点 电梯漏水", "place": here.town.estate.pk}
    page = text_of(signed_in(here.worker).get("/directory/", asked))
    assert page.index('href="tel:14300000002"') < page.index("也许帮得上")
    assert "夜班师傅" in page
    assert "没看懂" not in page


def test_words_not_understood_are_shown_and_the_page_is_never_empty(here: Neighbourhood) -> None:
    page = text_of(signed_in(here.worker).get("/directory/", {"q": "抓外星人"}))
    assert "没看懂" in page
    assert "抓外星人" in page
    assert "再不行，找谁" in page
    assert "用户zhouqiang" in page


def test_without_a_question_it_is_the_directory_of_my_place(here: Neighbourhood) -> None:
    page = text_of(signed_in(here.worker).get("/directory/"))
    for words in ("甬安物业", "明州电梯维保", "甬江律师事务所", "缺"):
        assert words in page
    assert "潘火社区锁行" not in page
    places = text_of(signed_in(here.officer).get("/directory/places/"))
    assert "潘火社区" in places


def test_a_place_of_others_is_not_found(here: Neighbourhood) -> None:
    client = signed_in(here.worker)
    assert client.get("/directory/", {"place": here.town.next_community.pk}).status_code == 404
    assert client.get("/directory/", {"place": here.town.town.pk}).status_code == 200
    assert client.get("/directory/", {"place": "1" * 13}).status_code == 200


def test_an_auditor_has_no_directory(here: Neighbourhood) -> None:
    auditor = a_user("shenwei", "auditor", here.town.town)
    client = signed_in(auditor)
    for address in ("/directory/", "/directory/places/", "/directory/cards/", "/directory/add/"):
        assert client.get(address).status_code in (302, 404), address


def test_an_organisation_is_added_corrected_and_closed(here: Neighbourhood) -> None:
    client = signed_in(here.worker)
    given = {"name": "殷家锁行", "kind": "开锁", "hours": "看心情"}
    wrong = client.post("/directory/add/", given)
    assert wrong.status_code == 422
    assert "看不懂" in text_of(wrong)
    assert "看心情" in text_of(wrong)
    client.post("/directory/add/", {**given, "hours": "24小时", "phone": "14300000007"})
    with system_scope("look"):
        party = Party.objects.get(name="殷家锁行")
    page = f"/directory/{party.pk}/"
    edit(client, f"{page}edit/", {"hours": "每天 8-20点"})
    client.post(
        f"{page}contacts/add/",
        {"name": "老陈", "phone": "14300000008", "is_on_call": "on", "is_personal": "on"},
    )
    with system_scope("look"):
        contact = PartyContact.objects.get(name="老陈")
    shown = text_of(client.get(page))
    assert "每天 8:00-20:00" in shown
    assert "tel:14300000008" in shown
    edit(client, f"{page}contacts/{contact.pk}/", {"phone": "14300000009"})
    assert "14300000009" in text_of(client.get(page))
    client.post(f"{page}contacts/{contact.pk}/remove/")
    assert "14300000009" not in text_of(client.get(page))
    client.post(f"{page}close/", {"reason": "搬走了"})
    assert "停用：搬走了" in text_of(client.get(page))
    assert "殷家锁行" not in text_of(client.get("/directory/"))
    client.post(f"{page}reopen/")
    assert "殷家锁行" in text_of(client.get("/directory/"))


def test_what_the_subdistrict_keeps_is_read_here_and_changed_there(here: Neighbourhood) -> None:
    page = f"/directory/{here.lifts.pk}/"
    worker = signed_in(here.worker)
    assert "维护1处设施" in text_of(worker.get(page))
    assert worker.get(f"{page}edit/").status_code == 404
    assert signed_in(here.officer).get(f"{page}edit/").status_code == 200


def test_a_personal_number_is_not_for_everybody(here: Neighbourhood) -> None:
    page = f"/directory/{here.lifts.pk}/"
    assert "14300000003" in text_of(signed_in(here.worker).get(page))
    manager = signed_in(here.manager)
    seen = text_of(manager.get(page)) + text_of(manager.get("/directory/", {"q": "王经理"}))
    seen += text_of(manager.get(f"{page}card/")) + text_of(manager.get("/directory/cards/"))
    assert "14300000003" not in seen
    assert "14300000002" in seen
    assert "私人号码" in seen


def test_cards_open_in_a_phone_with_their_chinese_names(here: Neighbourhood) -> None:
    answer = signed_in(here.worker).get(f"/directory/{here.lifts.pk}/card/")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.vcf"')
    cards = list(vobject.readComponents(text_of(answer)))
    assert [card.fn.value for card in cards] == [
        "明州电梯维保",
        "夜班师傅（值班） 明州电梯维保",
        "王经理 明州电梯维保",
    ]
    assert cards[2].n.value.family == "王"
    assert cards[2].tel.value == "14300000003"
    assert cards[2].org.value == ["明州电梯维保"]
    assert all(card.version.value == "3.0" for card in cards)
    assert max(len(line) for line in text_of(answer).splitlines()) < 300
    every = text_of(signed_in(here.worker).get("/directory/cards/"))
    assert len(list(vobject.readComponents(every))) == 4


REFERRAL = {
    "topic": "law",
    "matter": "想问遗嘱怎么写",
    "consent_how": "spoken",
    "consent_by": "self",
    "consent_on": "2026-01-02",
    "share_phone": "on",
}


def refer(here: Neighbourhood, **given: Any) -> Any:
    return signed_in(here.worker).post(
        f"/directory/refer/{here.her.pk}/", {**REFERRAL, "party": here.law.pk, **given}, follow=True
    )


def link_in(answer: Any) -> str:
    text = text_of(answer)
    start = text.index("/r/")
    return text[start : text.index("/", start + 3) + 1]


def test_without_consent_the_page_says_so_and_keeps_what_was_typed(here: Neighbourhood) -> None:
    answer = refer(here, consent_how="no")
    assert answer.status_code == 422
    assert "没有本人同意，不能转介" in text_of(answer)
    assert "想问遗嘱怎么写" in text_of(answer)


def test_the_professional_takes_it_on_and_finishes_it_without_an_account(
    here: Neighbourhood,
) -> None:
    shown = refer(here)
    link = link_in(shown)
    with system_scope("look"):
        referral = Referral.objects.get()
    assert link not in text_of(signed_in(here.worker).get(f"/directory/referrals/{referral.pk}/"))
    outside = Client()
    page = text_of(outside.get(link))
    assert "虞阿香" in page
    assert "14300001234" in page
    assert "1幢" not in page
    refused = outside.post(link, {"what": "refuse", "words": ""})
    assert refused.status_code == 422
    assert outside.post(link, {"what": "nonsense"}).status_code == 422
    outside.post(link, {"what": "accept", "words": "周三上午来所里"})
    worker = signed_in(here.worker)
    assert "周三上午来所里" in text_of(worker.get(f"/directory/referrals/{referral.pk}/"))
    outside.post(link, {"what": "done", "words": "遗嘱已公证"})
    after = text_of(outside.get(link))
    assert "虞阿香" not in after
    assert "14300001234" not in after
    assert "遗嘱已公证" in text_of(worker.get(f"/directory/referrals/{referral.pk}/"))
    assert "已办好" in text_of(worker.get("/directory/referrals/"))
    with system_scope("look"):
        kinds = JournalEntry.objects.filter(kind__startswith="referral.").values_list(
            "kind", flat=True
        )
        assert sorted(kinds) == [
            "referral.accepted",
            "referral.done",
            "referral.opened",
            "referral.proposed",
        ]


def test_a_worker_records_the_same_by_phone(here: Neighbourhood) -> None:
    refer(here)
    with system_scope("look"):
        page = f"/directory/referrals/{Referral.objects.get().pk}/"
    worker = signed_in(here.worker)
    worker.post(f"{page}accept/", {"words": ""})
    assert worker.post(f"{page}finish/", {"words": ""}).status_code == 422
    fresh = worker.post(f"{page}link/", follow=True)
    assert "/r/" in text_of(fresh)
    worker.post(f"{page}withdraw/", {"words": "本人不再同意"})
    assert "已撤回" in text_of(worker.get(page))
    assert "对方在电话里说的" not in text_of(worker.get(page))
    assert Client().get(link_in(fresh)).status_code == 200
    assert worker.post(f"{page}refuse/", {"words": "太晚"}).status_code == 422


def test_guessing_links_is_slowed_down_and_tells_nothing(here: Neighbourhood) -> None:
    guesser = Client()
    assert guesser.get("/r/nonsense/").status_code == 404
    for _ in range(20):
        guesser.get("/r/nonsense/")
    assert guesser.get("/r/nonsense/").status_code == 429


def test_referrals_are_hidden_from_those_who_give_no_care(here: Neighbourhood) -> None:
    refer(here)
    with system_scope("look"):
        referral = Referral.objects.get()
    manager = signed_in(here.manager)
    for address in (
        "/directory/referrals/",
        f"/directory/referrals/{referral.pk}/",
        f"/directory/refer/{here.her.pk}/",
    ):
        assert manager.get(address).status_code == 404
    person = text_of(manager.get(f"/people/{here.her.pk}/"))
    assert "律师" not in person
    assert "法律" not in person


def test_a_resident_page_leads_to_a_referral_and_shows_it(here: Neighbourhood) -> None:
    worker = signed_in(here.worker)
    assert f"/directory/refer/{here.her.pk}/" in text_of(worker.get(f"/people/{here.her.pk}/"))
    refer(here)
    assert "法律援助 → 甬江律师事务所" in text_of(worker.get(f"/people/{here.her.pk}/"))


def test_programs_ask_the_same_question(here: Neighbourhood) -> None:
    client = signed_in(here.worker)
    answer = client.get("/api/v1/directory", {"search": "夜里3点 电梯 外星"}).json()
    assert [one["name"] for one in answer["there"]] == ["明州电梯维保"]
    assert answer["there"][0]["calls"][0]["phone"] == "14300000002"
    assert answer["unknown"] == ["外星"]
    assert answer["topics"] == ["lift"]
    assert client.get("/api/v1/directory", {"place": 987654321}).status_code == 404
