"""What an office does with its own facts: define one, retire it, say what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.chinese.normalise import tidy
from linli.core.errors import NotFound, Refused
from linli.core.fields import DICTIONARY, EVERYONE, PERSON, Condition, Node, Op, Value
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.models import Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.register.posts.models import User
from linli.register.posts.rules import MAY_EDIT_PEOPLE, MAY_EDIT_PLACES
from linli.workbench.conditions import rules
from linli.workbench.conditions.care_groups import (
    CHANGEABLE,
    NEW_GROUP,
    OWN_GROUP,
    GroupRule,
    may_be_asked_of_a_group,
    rule_of_age,
)
from linli.workbench.conditions.models import OwnField, OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, dictionary, field_of, forget
from linli.workbench.conditions.terms import AttributeKind, AttributeSensitivity, AttributeSubject
from linli.workbench.conditions.text.json_codec import to_json
from linli.workbench.conditions.text.text_writer import NamesFrom, text_of
from linli.workbench.conditions.tree import checked_value

SUBJECTS: dict[str, Any] = {
    "person": Person,
    "household": Household,
    "dwelling": Dwelling,
    "building": Building,
}


def may_define(*, by: User) -> bool:
    """Whoever shapes places and lists for others may add a field."""
    return current_scope().role in MAY_EDIT_PLACES


def may_retire(*, attribute: OwnField, by: User) -> bool:
    """A field is retired by those of its own place or above it."""
    return may_define(by=by) and current_scope().holds(attribute.scope_path)


def may_say(*, by: User) -> bool:
    """Whoever may edit people may say what is known."""
    return current_scope().role in MAY_EDIT_PEOPLE


@action("field.define", term=gettext_noop("新增字段"), may=may_define, journal="field.defined")
def define_attribute(
    *,
    label: str,
    subject: str,
    kind: str,
    place: Place,
    by: User,
    choices: Sequence[str] = (),
    synonyms: Sequence[str] = (),
    unit: str = "",
    sensitivity: str = "internal",
    description: str = "",
) -> OwnField:
    """Add a fact that an office keeps for its place and everything below it."""
    label, choices = tidy(label), [tidy(choice) for choice in choices]
    _check_words(label, subject, kind, sensitivity, choices)
    words = dictionary()
    # A label means one fact, or the text of a condition could not be read back.
    if words.by_word(subject, label) is not None:
        sentence = _("已经有叫“%(label)s”的字段") % {"label": label}
        raise Refused("field.taken", sentence, "label", _("换一个名称，或直接用已有的字段"))
    if OwnField.objects.filter(retired_on__isnull=True).count() >= rules.MOST_OWN_FIELDS:
        raise Refused("field.too_many", _("自定义字段太多了，请先停用不用的"))
    attribute = OwnField(
        label=label,
        subject=subject,
        kind=kind,
        place=place,
        choices=list(choices),
        synonyms=[tidy(word) for word in synonyms if tidy(word)][:20],
        unit=unit[:8],
        sensitivity=sensitivity,
        description=description[:200],
        by=by,
        scope_path=place.scope_path,
    )
    attribute.save()
    forget()
    write_journal(
        "field.defined",
        about=attribute,
        text=label,
        by=by,
        data={"subject": subject, "kind": kind, "sensitivity": sensitivity},
    )
    return attribute


def _check_words(
    label: str, subject: str, kind: str, sensitivity: str, choices: Sequence[str]
) -> None:
    if not rules.is_fit_label(label=label):
        raise Refused("field.label", _("名称要1到20个字，不能有空格和括号等符号"), "label")
    if subject not in AttributeSubject.values:
        raise Refused("field.subject", _("请选择关于什么"), "subject")
    if kind not in AttributeKind.values:
        raise Refused("field.kind", _("请选择类型"), "kind")
    if sensitivity not in AttributeSensitivity.values:
        raise Refused("field.sensitivity", _("请选择敏感程度"), "sensitivity")
    if kind == AttributeKind.CHOICE and not rules.are_fit_choices(choices=choices):
        raise Refused("field.choices", _("请给2到50个不同的选项"), "choices")


@action("field.retire", term=gettext_noop("停用字段"), may=may_retire, journal="field.retired")
def retire_attribute(*, attribute: OwnField, by: User) -> OwnField:
    """Stop offering a field; what is known stays, and kept conditions still answer."""
    attribute.retired_on = attribute.retired_on or today()
    attribute.save(update_fields=["retired_on"])
    forget()
    write_journal("field.retired", about=attribute, text=attribute.label, by=by)
    return attribute


@action("field.set_value", term=gettext_noop("填写字段"), may=may_say, journal="field.set")
def set_value(
    *, attribute: OwnField, subject_id: int, value: Value, by: User, on: date | None = None
) -> OwnFieldValue | None:
    """Say what is known of somebody or something; None takes it back."""
    if attribute.retired_on is not None:
        sentence = _("“%(label)s”已停用") % {"label": attribute.label}
        raise Refused("field.is_retired", sentence)
    target = SUBJECTS[attribute.subject].objects.filter(pk=subject_id).first()
    # A field holds for its own place and below; the neighbours do not know of it.
    if target is None or not target.scope_path.startswith(attribute.scope_path):
        raise NotFound()
    link = _link(attribute, target)
    known = OwnFieldValue.objects.filter(attribute=attribute, **link).first()
    write_journal(
        "field.set",
        about=target,
        text=attribute.label,
        by=by,
        data={"attribute": attribute.pk, "known": value is not None},
    )
    if value is None:
        if known is not None:
            known.delete()
            # A row that is gone says nothing of when it went: its subject does.
            type(target).objects.filter(pk=target.pk).update(changed_at=timezone.now())
        return None
    one = field_of(attribute)
    fits = checked_value(one, Op.EQ, value)
    known = known or OwnFieldValue(attribute=attribute, scope_path=target.scope_path, **link)
    column = COLUMNS[one.kind]
    setattr(known, column, Decimal(fits) if isinstance(fits, int) and column == "number" else fits)
    known.confirmed_on, known.by = on or today(), by
    known.save()
    return known


def _link(attribute: OwnField, target: Any) -> dict[str, Any]:
    if attribute.subject in ("dwelling", "building"):
        return {"place": target.place}
    return {attribute.subject: target}


def may_set_rules(*, by: User) -> bool:
    """The subdistrict sets the rules of its care groups; others read them."""
    return current_scope().role == "subdistrict_officer"


def group_or_not_found(key: str) -> OwnField | None:
    """Return the kept rules of a group, None for a built-in one nobody has changed."""
    groups = OwnField.objects.filter(retired_on__isnull=True).exclude(group="")
    found: OwnField | None
    if key in CHANGEABLE:
        found = groups.filter(group=key).first()
        return found
    number = key.removeprefix("own_")
    if not number.isdecimal() or not (row := groups.filter(group=OWN_GROUP, pk=number).first()):
        raise NotFound()
    found = row
    return found


@action("group.change", term=gettext_noop("改分类规则"), may=may_set_rules, journal="group.changed")
def change_group(
    *,
    key: str,
    place: Place,
    since: date,
    why: str,
    by: User,
    age: int | None = None,
    alone: bool = False,
    label: str = "",
    where: Node | None = None,
) -> OwnField:
    """Give a care group another rule from a day on, or ("new") a group of its own its first."""
    rule = _group_rule(key, since, why, age=age, alone=alone, where=where)
    group = _group(key, label, place, by)
    version: dict[str, Any] = {
        "from": since.isoformat(),
        "why": tidy(why),
        "by": by.pk,
        "at": timezone.now().isoformat(),
    }
    if where is None:
        version |= {"age": rule.age, "alone": rule.alone}
    else:
        version |= {"condition": to_json(Condition(PERSON, where)), "says": rule.says}
    group.versions = [*group.versions, version]
    group.save()
    forget()
    write_journal(
        "group.changed",
        about=group,
        text=f"{group.label}：{rule.says}",
        by=by,
        data={"from": since.isoformat(), "why": version["why"]},
    )
    return group


def _group_rule(
    key: str, since: date, why: str, *, age: int | None, alone: bool, where: Node | None
) -> GroupRule:
    """Return the rule as it will hold, or refuse it at the part that is wrong."""
    wrong = rules.wrong_in_group_rule(
        age=age if where is None else None, days_ahead=(since - today()).days, why=tidy(why)
    )
    refusals = {
        "age": _("年龄线应在%(low)s到%(high)s周岁之间")
        % {"low": rules.YOUNGEST_BOUND, "high": rules.OLDEST_BOUND},
        "since": _("规则从今天或以后某一天起用"),
        "why": _("请写明为什么改，2到%(most)s个字") % {"most": rules.LONGEST_WHY},
    }
    if wrong:
        raise Refused(f"group.{wrong}", refusals[wrong], wrong)
    if where is not None:
        return own_rule(where, since=since)
    if age is None or key not in CHANGEABLE:
        raise Refused("group.age", refusals["age"], "age")
    return rule_of_age(age, alone=alone, since=since)


def own_rule(where: Node, *, since: date) -> GroupRule:
    """Return the rule of an own group, or refuse facts that no group may rest on."""
    unfit = may_be_asked_of_a_group(where)
    if unfit or where == EVERYONE:
        raise Refused(
            "group.facts",
            _("分类的条件不能用：%(facts)s") % {"facts": "、".join(unfit) or _("全部")},
            "sentence",
            _("可以用年龄、性别、独居、空巢、残疾、慢性病、失能、低保、特困、最近联系。"),
        )
    return GroupRule(since, where, text_of(Condition(PERSON, where), DICTIONARY, NamesFrom({})))


def _locked(group: OwnField) -> OwnField:
    row: OwnField = OwnField.objects.select_for_update(of=("self",)).get(pk=group.pk)
    return row


def _group(key: str, label: str, place: Place, by: User) -> OwnField:
    """Return the kept group, locked, or a new one."""
    kept = group_or_not_found(key) if key != NEW_GROUP else None
    if kept is not None:
        return _locked(kept)
    built_in = CHANGEABLE.get(key)
    label = built_in.kind.label if built_in else tidy(label)
    _check_words(label, PERSON, AttributeKind.FLAG, AttributeSensitivity.INTERNAL, ())
    if not built_in and dictionary().by_word(PERSON, label) is not None:
        sentence = _("已经有叫“%(label)s”的字段") % {"label": label}
        raise Refused("field.taken", sentence, "label", _("换一个名称，或直接用已有的字段"))
    return OwnField(
        label=label,
        subject=PERSON,
        kind=AttributeKind.FLAG,
        group=key if built_in else OWN_GROUP,
        place=place,
        by=by,
        scope_path=place.scope_path,
    )


@action(
    "group.take_back",
    term=gettext_noop("收回分类规则"),
    may=may_set_rules,
    journal="group.taken_back",
)
def take_back_rule(*, key: str, number: int, by: User) -> OwnField:
    """Take one rule of a group back: the one before it holds again; both stay readable."""
    kept = group_or_not_found(key)
    group = _locked(kept) if kept else None
    if group is None or number >= len(group.versions):
        raise NotFound()
    version = group.versions[number]
    if version.get("taken_back"):
        raise Refused("group.is_taken_back", _("这条规则已经收回"))
    version["taken_back"] = timezone.now().isoformat()
    left = [one for one in group.versions if not one.get("taken_back")]
    if group.group == OWN_GROUP and not left:
        group.retired_on = today()  # a group without a rule is none
    group.save()
    forget()
    write_journal(
        "group.taken_back", about=group, text=group.label, by=by, data={"from": version["from"]}
    )
    return group
