"""表格：看懂一张空白表（read），填好（fill），看价签（price）。"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.actions.templates import proposed, subject_of, template_for
from linli.capabilities.form_filling.catalogue import burden
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.form import Form
from linli.capabilities.form_filling.reading.form_json import to_json
from linli.capabilities.form_filling.reading.subject_guess import proposed_condition
from linli.capabilities.form_filling.reading.understand import understand
from linli.capabilities.form_filling.submissions.filled_file import FilledFile
from linli.core.errors import NotFound, Refused
from linli.core.interface.commands import CommandContext
from linli.core.scope import Scope, use_scope
from linli.register.places.models import Place
from linli.workbench.conditions import queries

ONLY_UNDERSTOOD = "有词没看懂时，只按看懂的算"
# Reading a form reads no row; what may be asked of the register is what an officer may ask.
NO_ROW = Scope((), "subdistrict_officer", "看懂一张表")
VERBS = {
    "read": "看懂一张表：形式、对象、每个栏目要什么",
    "fill": "按自己的范围填好一张或多张表，加 --each 每个社区一份",
    "price": "一张表的价签：已知多少、缺多少、要几分钟",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, the files, and whom the form is about."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="VERB")
    for name, words in VERBS.items():
        own = verbs.add_parser(name, help=words, description=words)
        own.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        own.add_argument("--as", dest="as_user", metavar="USER", default=argparse.SUPPRESS)
        if name == "fill":
            own.add_argument("files", type=Path, nargs="+", help="空白表")
            own.add_argument("--out", type=Path, required=True, help="填好的文件，或放它们的文件夹")
            own.add_argument("--each", action="store_true", help="每个社区一份")
            own.add_argument("--asked-by", default="", help="要表单位")
            own.add_argument("--basis", default="", help="依据；写了才填身份证号、电话")
        else:
            own.add_argument("files", type=Path, nargs=1, help="空白表")
        if name != "read":
            own.add_argument("--where", default="", help="要哪些人，例如：80岁以上独居老人")
            own.add_argument("--only-understood", action="store_true", help=ONLY_UNDERSTOOD)


def run(given: CommandContext) -> int:
    """Do what was asked."""
    verb = {"read": _read, "fill": _fill, "price": _price}[given.options.what]
    return verb(given)


def _read(given: CommandContext) -> int:
    file = given.options.files[0]
    form = understand(file)
    rows = _rows(given, form, file.stem)
    given.say(f"形式：{form.shape}　对象：{form.subject or '无'}　要哪些：{rows or '没有写明'}")
    for heading in form.headings:
        given.say(f"  {heading.text} → {'、'.join(heading.fields) or '无'}")
    given.answer(
        title=form.title,
        shape=form.shape,
        subject=form.subject,
        unknown=list(form.unknown),
        rows=rows,
        headings=[
            {
                "text": heading.text,
                "field": list(heading.fields),
                "confidence": heading.confidence,
                "runner_up": heading.runner_up,
                "hidden": heading.hidden,
            }
            for heading in form.headings
        ],
    )
    return 0


def _rows(given: CommandContext, form: Form, name: str) -> str | None:
    """Say in words which rows the form is about, as its title and headings propose."""
    with use_scope(given.scope or NO_ROW):
        condition = proposed_condition(form, name)
        return queries.condition_text(queries.read_json(condition)) if condition else None


def _place(given: CommandContext) -> Place:
    paths = given.scope.paths if given.scope else ()
    with use_scope(given.scope):
        top = Place.objects.filter(path__in=paths).order_by("path").first()
    if top is None:
        raise NotFound()
    place: Place = top
    return place


def _condition(given: CommandContext, kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return whom ``--where`` says, else what is proposed; beside words not understood nobody."""
    said, so = given.options.where, given.options.only_understood
    if said:
        question = queries.asked(said, only_understood=so, field="where")
        kept = queries.condition_json(question.condition)
    if left_out := queries.left_out_of(kept):
        if not so:
            raise Refused(
                "form.not_understood",
                left_out,
                "where",
                "用 --where 说要哪些人，或加 --only-understood",
            )
        given.warn(left_out)
    return kept


def _fill(given: CommandContext) -> int:
    by, place, options = given.someone(), _place(given), given.options
    many = len(options.files) > 1 or options.each
    if many:
        options.out.mkdir(parents=True, exist_ok=True)
    done: dict[Path, dict[str, Any]] = {}
    with use_scope(given.scope):
        places = burden.communities(place) if options.each else [place]
        for file in options.files:
            form = understand(file)
            for one in places:
                form_instance = _brought(given, file, form, one, by)
                filled_file = actions.take_filled(form_instance=form_instance, by=by)
                own = f"{one.name}-{file.stem}" if many else ""
                target = _target(options.out, filled_file.name, own, set(done))
                target.write_bytes(filled_file.data)
                done[target] = {
                    "file": str(target),
                    "link": form_instance.link,
                    **filled_file.counts,
                    "warnings": list(filled_file.warnings),
                }
                _tell(given, target, filled_file)
    given.answer(filled=list(done.values()))
    return 0


def _target(out: Path, name: str, own: str, taken: set[Path]) -> Path:
    """Return where a filled file goes; its ending says what it is, whatever was asked for."""
    suffix = Path(name).suffix
    if own:
        # Two forms of one name, from two folders, do not write over each other.
        tries = (own, *(f"{own}-{n}" for n in range(2, len(taken) + 3)))
        return next(at for at in (out / f"{stem}{suffix}" for stem in tries) if at not in taken)
    if out.is_dir():
        return out / name.replace("/", " ")
    return out if out.suffix.lower() == suffix else out.with_suffix(suffix)


def _tell(given: CommandContext, target: Path, made: FilledFile) -> None:
    counts = made.counts
    given.say(f"{target}：{counts['rows']}行，已知{counts['known']}格，缺{counts['missing']}格")
    out = given.options.out
    suffix = "" if out.is_dir() else out.suffix.lower()
    if suffix and suffix != target.suffix:
        given.warn(f"{target.name}：没有写成{suffix}，因为填好的是{target.suffix}文件")
    for warning in made.warnings:
        given.warn(f"{target.name}：{warning}")


def _brought(given: CommandContext, file: Path, form: Form, place: Place, by: Any) -> FormInstance:
    options = given.options
    form_instance = actions.upload_form(
        data=file.read_bytes(), name=file.name, place=place, by=by, form=form
    )
    return actions.confirm_form(
        form_instance=form_instance,
        title=form_instance.title or file.stem,
        subject=form_instance.subject,
        condition=_condition(given, form_instance.condition),
        headings=form_instance.headings,
        by=by,
        asked_by=options.asked_by or form_instance.asked_by,
        basis=options.basis or form_instance.basis,
    )


def _price(given: CommandContext) -> int:
    by, place = given.someone(), _place(given)
    file = given.options.files[0]
    form = understand(file)
    with use_scope(given.scope):
        form_template = template_for(form, place)
        form_instance = FormInstance(
            place=place,
            scope_path=place.path,
            by=by,
            form=to_json(form),
            state="read",
            subject=form_template.subject if form_template else subject_of(form),
            condition=_condition(
                given,
                form_template.condition if form_template else proposed_condition(form, file.stem),
            ),
            headings=proposed(form, form_template),
        )
        price = burden.price_of(form_instance, burden.communities(place))
        alike = [one.title for one in price.alike]
    given.say(
        f"{price.rows}行，底册已知{price.percent}%，缺{price.missing}格，"
        f"各处手工填共{price.minutes}分钟"
    )
    if price.is_answered:
        given.say("八成以上已知：可以不问任何人直接答复")
    for title in alike:
        given.warn(f"和已有的表差不多：{title}")
    given.answer(
        rows=price.rows,
        known=price.known,
        missing=price.missing,
        percent=price.percent,
        minutes=price.minutes,
        places=len(price.parts),
        answered=price.is_answered,
        alike=alike,
        by_hand=list(price.by_hand),
    )
    return 0
