"""A passkey is made and used, with a real browser and an authenticator that it pretends to have."""

from __future__ import annotations

import pytest

from tests.residents.world import a_neighbourhood, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_an_officer_adds_a_passkey_and_signs_in_with_it(phone_page):
    visitor = phone_page
    officer = a_user("lu", "subdistrict_officer", a_neighbourhood().town)
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    visitor.sign_in(officer)
    page = visitor.open("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.get_by_label("密码").fill("shi-jian-2026")
        page.get_by_role("button", name="确认").click()
        page.wait_for_url("**/webauthn/add/**")
    if page.locator("#id_passwordless").count():
        page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert officer.authenticator_set.filter(type="webauthn").count() == 1

    visitor.context.clear_cookies()
    visitor.open("/sign-in/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    visitor.open("/")
    assert page.get_by_text("街道干部").first.is_visible()
