"""A form is given out to communities, after its price was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions.notify_fillers import ask_to_fill
from linli.capabilities.form_filling.catalogue.burden import price_of
from linli.capabilities.form_filling.models import Distribution, FormInstance
from linli.capabilities.form_filling.terms import FormState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User


def may_distribute(*, form_instance: FormInstance, by: User | None) -> bool:
    """The subdistrict alone gives forms out."""
    return current_scope().role in rules.MAY_ISSUE


@action("form.issue", term=gettext_noop("下发表格"), may=may_distribute, journal="form.issued")
def distribute_form(
    *,
    form_instance: FormInstance,
    places: Sequence[Place],
    asked_by: str,
    basis: str,
    due_on: date,
    by: User,
    again: bool = False,
    reason: str = "",
) -> Distribution:
    """Give a confirmed form out to some places, each of which hears of it; twice only when meant.

    One that asks in other words what was asked of the same people needs a reason. A place for
    which enough is known is answered by itself and hears nothing.
    """
    _check(form_instance, places, asked_by, basis, due_on)
    price = price_of(form_instance, list(places))
    if price.alike and not again:
        names = "、".join(dict.fromkeys(one.words for one in price.alike))
        raise Refused(
            "form.duplicate",
            _("和已有的表差不多：%(names)s") % {"names": names},
            "again",
            _("请先看已有的表能不能用；确要下发就勾选"),
        )
    reason = reason.strip()
    if any(one.facts for one in price.alike) and len(reason) < rules.SHORTEST_WORDS:
        raise Refused(
            "form.duplicate_reason",
            _("同样的内容上次已经问过，请写为什么还要问，至少4个字"),
            "reason",
            _("或者直接用上次的答复，不再下发"),
        )
    distribution = Distribution(
        title=form_instance.title,
        asked_by=asked_by.strip()[:80],
        basis=basis.strip()[:200],
        due_on=due_on,
        by=by,
        scope_path=form_instance.scope_path,
        price={
            "rows": price.rows,
            "known": price.known,
            "missing": price.missing,
            "percent": price.percent,
            "minutes": price.minutes,
            "by_hand": price.pen,
            "answered": price.answered,
            **({"asked_again_because": reason} if reason else {}),
        },
    )
    distribution.save()
    for part in price.parts:
        instance = _give(
            form_instance, part.place, distribution, by, answers_itself=part.is_answered
        )
        if not part.is_answered:
            ask_to_fill(instance, by)
    data = {**distribution.price, "places": [place.name for place in places]}
    write_journal("form.issued", about=distribution, text=distribution.title, data=data, by=by)
    return distribution


def _check(
    form_instance: FormInstance, places: Sequence[Place], asked_by: str, basis: str, due_on: date
) -> None:
    if form_instance.state != FormState.OPEN:
        raise Refused("form.not_confirmed", _("请先确认栏目"))
    if not places:
        raise Refused("form.no_places", _("请选下发给哪些社区"), "places")
    if not asked_by.strip():
        raise Refused("form.asked_by", _("请写哪个单位要这张表"), "asked_by")
    if len(basis.strip()) < rules.SHORTEST_WORDS:
        raise Refused("form.basis", _("请写依据，至少4个字"), "basis", _("例如：文件名称和条款"))
    if due_on < today():
        raise Refused("form.past", _("期限已经过了"), "due_on")


def _give(
    form_instance: FormInstance,
    place: Place,
    distribution: Distribution,
    by: User,
    *,
    answers_itself: bool,
) -> FormInstance:
    instance = FormInstance(
        place=place,
        scope_path=place.path,
        distribution=distribution,
        form_template=form_instance.form_template,
        by=by,
        title=form_instance.title,
        file_name=form_instance.file_name,
        # Sealed as it is: one key ring for the installation, so nothing has to be opened for a
        # copy.
        file=bytes(form_instance.file),
        form=form_instance.form,
        subject=form_instance.subject,
        condition=form_instance.condition,
        headings=form_instance.headings,
        asked_by=distribution.asked_by,
        basis=distribution.basis,
        due_on=distribution.due_on,
        state=FormState.OPEN,
        answers_itself=answers_itself,
    )
    instance.save()
    return instance
