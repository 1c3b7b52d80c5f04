"""Forms in the one search, by title."""

from __future__ import annotations

from django.urls import reverse

from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.queries import form_instances
from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def find_forms(words: str, limit: int) -> SearchHits:
    """Return the forms of this place whose title has the words, the latest first."""

    def hit(one: FormInstance) -> SearchHit:
        href = reverse("form_filling:form-instance", args=[one.link])
        note = " · ".join((str(one.place), one.get_state_display()))
        return SearchHit(one.title, href, note, "table-import", is_sure=words == one.title)

    return first_hits(form_instances(called=words), limit, hit)
