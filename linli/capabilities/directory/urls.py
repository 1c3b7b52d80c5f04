"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.directory.pages import outside, party, referrals, search

app_name = "directory"

urlpatterns = [
    path("directory/", search.search, name="search"),
    path("directory/places/", search.places, name="places"),
    path("directory/cards/", search.cards, name="cards"),
    path("directory/add/", party.add, name="add"),
    path("directory/referrals/", referrals.everything, name="referrals"),
    path("directory/referrals/<int:pk>/", referrals.show, name="referral"),
    path("directory/referrals/<int:pk>/accept/", referrals.accept, name="accept"),
    path("directory/referrals/<int:pk>/refuse/", referrals.refuse, name="refuse"),
    path("directory/referrals/<int:pk>/finish/", referrals.finish, name="finish"),
    path("directory/referrals/<int:pk>/withdraw/", referrals.withdraw, name="withdraw"),
    path("directory/referrals/<int:pk>/link/", referrals.renew, name="renew-link"),
    path("directory/refer/<int:pk>/", referrals.refer, name="refer"),
    path("directory/<int:pk>/", party.show, name="party"),
    path("directory/<int:pk>/card/", party.card, name="card"),
    path("directory/<int:pk>/edit/", party.edit, name="edit"),
    path("directory/<int:pk>/close/", party.close, name="close"),
    path("directory/<int:pk>/reopen/", party.reopen, name="reopen"),
    path("directory/<int:pk>/contacts/add/", party.add_contact, name="add-contact"),
    path("directory/<int:pk>/contacts/<int:contact>/", party.edit_contact, name="edit-contact"),
    path(
        "directory/<int:pk>/contacts/<int:contact>/remove/",
        party.remove_contact,
        name="remove-contact",
    ),
    path("r/<str:token>/", outside.show, name="outside"),
]
