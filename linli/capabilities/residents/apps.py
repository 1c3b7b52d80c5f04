"""Residents' files: searching, a person's page, a household's page."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Put searching into the menu and say where the page of a person is."""

    name = "linli.capabilities.residents"
    label = "residents"
    verbose_name = "居民档案"

    def ready(self) -> None:
        """Register the pages."""
        from linli.core.interface.registry import register_page, register_record, register_router
        from linli.register.posts.rules import READS_PEOPLE

        register_page(
            "residents.search",
            label=_("找人"),
            icon="user-search",
            url_name="residents:search",
            group="register",
            note=_("姓名、拼音、门牌"),
            may=lambda scope: scope.role in READS_PEOPLE,
            order=10,
        )
        register_record("people.person", url_name="residents:person")
        register_record("people.household", url_name="residents:household")
        register_router("/people", router="linli.capabilities.residents.api.router")
        _join_the_shell()


def _join_the_shell() -> None:
    """Let people be found, and called from their page."""
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.posts.permits import role_in
    from linli.register.posts.rules import MAY_REVEAL, READS_PEOPLE

    register_search(
        "residents.people",
        label=_("人"),
        find="linli.capabilities.residents.search_source.find_people",
        may=role_in(READS_PEOPLE).holds,
        order=10,
    )
    register_search(
        "residents.number",
        label=_("按号码查人"),
        find="linli.capabilities.residents.search_source.find_by_number",
        may=role_in(MAY_REVEAL).holds,
        order=45,
    )
    register_record_verb(
        "residents.call",
        record="people.person",
        label=_("打电话"),
        icon="phone",
        href="linli.capabilities.residents.record_verbs.call_href",
        may=role_in(MAY_REVEAL).holds,
        order=10,
    )
