"""What a person types when bringing a spreadsheet and naming its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.core.personal_data.masking import mask_text
from linli.core.time import today
from linli.register.people.terms import FactSource
from linli.workbench.imports.choice_cells import cell_as_text
from linli.workbench.imports.column_recognition import Guess, Words
from linli.workbench.imports.headings import SheetTable
from linli.workbench.imports.reading import Limits, SheetAsRead
from linli.workbench.imports.terms import ImportSubject
from linli.workbench.imports.unknown_words import UnknownWord

SAMPLES, PLACES_NAMED = 3, 12
WHY = {
    "similar": gettext_lazy("相近的列名，请核对"),
    "values": gettext_lazy("按内容猜测，请核对"),
    "double": gettext_lazy("有几列都像这一项，请选一列"),
    "derived": gettext_lazy("由其他资料算出，不导入"),
    "unused": gettext_lazy("不导入"),
    "unknown": gettext_lazy("没有认出，不选就不导入"),
}


class SheetFileForm(forms.Form):
    """A form with a table as ``file``."""

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file, most = self.cleaned_data["file"], Limits().upload
        if file.size > most:
            figures = {"size": -(-file.size // 2**20), "most": most // 2**20}
            raise forms.ValidationError(_("文件有%(size)sMB，超过%(most)sMB") % figures)
        return file


class UploadForm(SheetFileForm):
    """A file, what it is about, and how old its information is."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy(".xlsx、.xls或.csv，最大20MB"),
        # The reader refuses an empty file with a sentence and a hint of its own.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("表里是"),
        choices=ImportSubject,
        initial=ImportSubject.PERSON,
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("信息来源"), choices=FactSource, initial=FactSource.IMPORT
    )
    confirmed_on = forms.DateField(
        label=gettext_lazy("信息日期"),
        help_text=gettext_lazy("表里的信息是哪一天的；较早的信息不会覆盖较新的"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"confirmed_on": today()})
        super().__init__(*args, **more)

    def clean_confirmed_on(self) -> Any:
        """Information is not from the future."""
        day = self.cleaned_data["confirmed_on"]
        if day > today():
            raise forms.ValidationError(_("信息日期在将来"))
        return day


class ColumnField(forms.ChoiceField):
    """What one column is; "not imported" is an answer like any other."""

    def validate(self, value: Any) -> None:
        """Take one of the choices, the empty one too."""
        if not self.valid_value(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"] % {"value": value})


class ColumnsForm(forms.Form):
    """What every column is; the guesses are filled in."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any,
        *,
        table: SheetTable,
        guesses: Sequence[Guess],
        words: Words,
        chosen: dict[str, str],
        sheet: SheetAsRead,
        options: dict[str, bool],
    ) -> None:
        super().__init__(data)
        targets = [("", _("不导入")), *((t.key, t.label) for t in words.targets.values())]
        self.keys: list[int] = []
        for guess in guesses:
            column = guess.heading.column
            self.keys.append(column)
            initial = chosen.get(str(column), "") if chosen else guess.target
            self.fields[f"column_{column}"] = ColumnField(
                label=f"{guess.heading.letters} {guess.heading.text}".strip(),
                choices=targets,
                initial=initial,
                help_text=_note(guess, table, words),
            )
        if table.merged_below:
            self.fields["fill_down"] = forms.BooleanField(
                label=_("合并单元格的值填到每一行"),
                required=False,
                initial=options["fill_down"],
                help_text=_("表中有%(count)s处合并单元格") % {"count": table.merged_below},
            )
        self.fields["make_dwellings"] = forms.BooleanField(
            label=_("建立没有的楼栋和户室"),
            required=False,
            initial=options["make_dwellings"],
            help_text=_("不勾选时，底册里没有的户室算作不能导入"),
        )

    def clean(self) -> dict[str, Any]:
        """Each fact has one column."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.keys:
            key = cleaned.get(f"column_{column}")
            if key and key in seen:
                self.add_error(f"column_{column}", _("有两列选了同一项，请只留一列"))
            elif key:
                seen[key] = str(column)
        if not seen:
            raise forms.ValidationError(_("请至少选一列"))
        return cleaned

    def columns(self) -> dict[str, str]:
        """Return the chosen fact of every column."""
        return {str(c): self.cleaned_data.get(f"column_{c}", "") for c in self.keys}


class WordsForm(forms.Form):
    """What each unknown word means, and whether places that are missing are to be built."""

    use_required_attribute = False

    def __init__(
        self, data: Any, *, unknown: Sequence[UnknownWord], missing: Sequence[str], build: bool
    ) -> None:
        super().__init__(data)
        for one in unknown:
            self.fields[one.name] = forms.ChoiceField(
                label=_("%(label)s：%(word)s") % {"label": one.label, "word": one.word},
                choices=[("", _("先空着，下次再问")), *one.options],
                required=False,
                help_text=ngettext("%(n)s行", "%(n)s行", one.rows) % {"n": one.rows},
            )
        if missing:
            named = "、".join(missing[:PLACES_NAMED])
            more = _("等%(n)s处") % {"n": len(missing)} if len(missing) > PLACES_NAMED else ""
            self.fields["make_dwellings"] = forms.BooleanField(
                label=_("建立底册里没有的楼栋和户室"),
                required=False,
                initial=build,
                help_text=named + more,
            )


def _note(guess: Guess, table: SheetTable, words: Words) -> str:
    """Say why, and show the first values; numbers of people stay covered."""
    field = words.targets[guess.target].field if guess.target else None
    samples: list[str] = []
    for row in table.rows:
        text = cell_as_text(row.cell(guess.heading.column))
        if text:
            covered = field.mask(text) if field is not None and field.mask else mask_text(text)
            samples.append(covered[:16])
        if len(samples) == SAMPLES:
            break
    why = str(WHY.get(guess.why, ""))
    shown = _("例：%(samples)s") % {"samples": "、".join(samples)} if samples else _("空列")
    return f"{why}。{shown}" if why else shown
