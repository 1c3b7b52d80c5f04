"""/patterns/: every component in every state, on made-up data. Open to all: it shows nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.core.interface.choosers import Chooser, ChooserField, Offered
from linli.core.interface.record_lists import ListColumn, ListRow, RecordList, sorting
from linli.core.interface.shell import SearchHit
from linli.core.interface.view_models import (
    Cell,
    Column,
    DwellingTile,
    Elevation,
    Floor,
    Legend,
    Plan,
    PlanHouse,
    Tab,
)
from linli.core.time import today
from linli.faces.web.search import Found, FoundGroup, FoundRow


class ExampleChooserField(ChooserField):
    """One of many, on made-up data."""

    def offered(self, thing: str) -> Offered:
        """Return a name as it is offered."""
        return Offered(thing, thing)

    def by_key(self, key: int) -> str | None:
        """Return nothing: this form is never sent."""
        return None

    def by_words(self, words: str) -> tuple[list[str], int]:
        """Return nothing: this form is never sent."""
        return [], 0


class ExampleChooserForm(forms.Form):
    """Two likely ones, and a search for the rest."""

    category = ExampleChooserField(
        label=gettext_lazy("分类"),
        required=False,
        widget=Chooser(find_words=gettext_lazy("找分类"), none_words=gettext_lazy("以后再分")),
    )

    def __init__(self) -> None:
        super().__init__()
        field: Any = self.fields["category"]
        field.offer(
            [
                Offered("1", _("小区与物业 · 电梯 · 电梯困人"), _("把握大")),
                Offered("2", _("小区与物业 · 电梯 · 电梯故障"), _("把握小")),
            ]
        )


class ExampleForm(forms.Form):
    """Every kind of input the product uses."""

    name = forms.CharField(label=gettext_lazy("姓名"))
    phone = forms.CharField(
        label=gettext_lazy("手机"),
        required=False,
        help_text=gettext_lazy("只用于联系本人，默认遮盖"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    building = forms.ChoiceField(
        label=gettext_lazy("楼栋"), choices=[("", "—"), ("1", "1幢"), ("3", "3幢")]
    )
    moved_in = forms.DateField(
        label=gettext_lazy("入住日期"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    tenure = forms.ChoiceField(
        label=gettext_lazy("居住情况"),
        widget=forms.RadioSelect,
        choices=[("owner", gettext_lazy("自有")), ("tenant", gettext_lazy("租住"))],
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("需要"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("meal", gettext_lazy("助餐")), ("visit", gettext_lazy("上门探望"))],
    )
    note = forms.CharField(
        label=gettext_lazy("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.BooleanField(label=gettext_lazy("本人同意登记"))


class ExampleFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("把 Excel 拖到这里，或点选"), help_text=".xlsx .xls .csv, 5 MB"
    )


def _elevation() -> Elevation:
    says = {
        "on": _("符合条件"),
        "part": _("有老人同住"),
        "off": _("不符合"),
        "vacant": _("空置"),
        "unknown": _("未登记"),
        "alert": _("需要上门"),
    }
    pattern = "on off part off off vacant off on unknown off off part off alert off off on off"
    tones = pattern.split()
    floors = []
    counts = dict.fromkeys(says, 0)
    for storey in range(9, 0, -1):
        doors: list[DwellingTile | None] = []
        for number in range(1, 7):
            tone = tones[(storey * 5 + number * 7) % len(tones)]
            if storey == 1 and number == 3:
                doors.append(None)
                continue
            counts[tone] += 1
            text = {"on": _("92岁"), "vacant": _("空"), "unknown": "?"}.get(tone, "")
            doors.append(DwellingTile(f"{storey}0{number}", tone, says[tone], text, "#elevation"))
        floors.append(Floor(_("%(n)s层") % {"n": storey}, doors))
    legend = [Legend(tone, words, counts[tone]) for tone, words in says.items()]
    entrances = [(_("1单元"), 2), (_("2单元"), 2), (_("3单元"), 2)]
    return Elevation(_("3幢立面：90岁以上独居"), floors, legend, entrances)


def _plan() -> Plan:
    says = {"none": _("没有"), "low": _("1–4人"), "mid": _("5–8人"), "high": _("9–12人")}
    standing = ((0, 0, 2, 2), (3, 0, 2, 2), (0, 3, 3, 1), (3, 3, 3, 1), (1, 5, 3, 1), (5, 5, 1, 1))
    numbers = (("high", 12), ("low", 1), ("mid", 7), ("none", 0), ("low", 4), ("none", 0))
    houses = [
        PlanHouse(
            n,
            _("%(n)s幢") % {"n": n} if n < 6 else "—",
            *where,
            tone,
            _("%(n)s人") % {"n": found},
            says[tone],
            "#plan",
            is_placed=n < 6,
        )
        for n, (where, (tone, found)) in enumerate(zip(standing, numbers, strict=True), start=1)
    ]
    legend = [Legend(tone, words) for tone, words in says.items()]
    loose = Legend("loose", _("还没放到图上"), 1)
    return Plan(_("东方丽都平面图"), _("90岁以上，24人"), houses, [*legend, loose])


def _people() -> list[dict[str, Any]]:
    day = today()
    return [
        {
            "name": "虞阿香",
            "facts": _("女 · 92岁"),
            "address": "东方丽都3幢1单元1802室",
            "tags": [_("独居"), _("高龄")],
            "confirmed_on": day - timedelta(days=12),
        },
        {
            "name": "邬根发",
            "facts": _("男 · 95岁"),
            "address": "东方丽都5幢2单元301室",
            "tags": [_("独居"), _("失能")],
            "confirmed_on": day - timedelta(days=260),
        },
        {
            "name": "Abdurrahman Mehmet Yılmazoğulları",
            "facts": _("男 · 67岁"),
            "address": "殷家花园12幢3单元1204室(合租，北侧小间)",
            "tags": [],
            "confirmed_on": None,
        },
    ]


def _tables() -> dict[str, Any]:
    columns = [
        Column(_("姓名"), sort_href="?sort=name"),
        Column(_("年龄"), "number", "?sort=-age", "descending"),
        Column(_("地址")),
        Column(_("最近核实")),
    ]
    rows = [
        [Cell("虞阿香", "#table", tone=""), 92, "东方丽都3幢1单元1802室", "2026-11-11"],
        [Cell("邬根发", "#table"), 95, "东方丽都5幢2单元301室", Cell("2026-03-08", tone="warn")],
    ]
    cross = [
        Column(_("小区")),
        *(Column(words, "number") for words in ("60–69", "70–79", "80–89", "90+", _("合计"))),
    ]
    return {
        "columns": columns,
        "rows": rows,
        "cross_columns": cross,
        "cross_rows": [
            ["东方丽都", 812, 406, 151, 23, "1,392"],
            ["殷家花园", 377, 240, 88, 9, 714],
        ],
        "cross_foot": [_("合计"), "1,189", 646, 239, 32, "2,106"],
    }


def _records(request: HttpRequest) -> RecordList:
    """A list of records in a group each, with a column that gives way and one that sorts."""
    asked = sorting(
        request.GET,
        (
            ListColumn("title", _("要办的"), order=lambda row: row["title"]),
            ListColumn("due", _("期限")),
            ListColumn("place", _("在哪里")),
            ListColumn("kind", _("哪一类"), extra=True),
        ),
    )
    rows = [
        {
            "title": _("楼道灯不亮"),
            "due": Cell(_("逾期2天"), tone="bad"),
            "place": "东方丽都3幢",
            "kind": _("办件"),
        },
        {"title": _("看望虞阿香"), "due": _("今天到期"), "place": "东方丽都3幢", "kind": _("看望")},
        {"title": _("电梯年检"), "due": _("还有12天"), "place": "殷家花园", "kind": ""},
    ]
    here = reverse("web:patterns")
    shown = [ListRow(n, here, row, row["place"]) for n, row in enumerate(asked.sorted(rows))]
    return RecordList(_("一张名单"), asked, shown, found=len(shown))


def _found() -> dict[str, Any]:
    """Return what a search shows, one group sure and one refused, and the verbs of a record."""
    hits = [
        SearchHit("虞阿香", "#found", _("女 · 92岁"), "user", is_sure=True),
        SearchHit("虞阿宝", "#found", _("男 · 67岁"), "user"),
    ]
    rows = [FoundRow(number, hit) for number, hit in enumerate(hits)]
    refused = _("今天看的人到了上限")
    groups = [
        FoundGroup("people", _("人"), rows, 38, "#found"),
        FoundGroup("cases", _("办件"), [], 0, refused=refused),
    ]
    words = [
        (_("打电话"), "phone"),
        (_("记看望"), "heart-handshake"),
        (_("报事"), "message"),
        (_("填表"), "forms"),
        (_("通知"), "speakerphone"),
    ]
    verbs = [({"label": label, "icon": icon}, "#found") for label, icon in words]
    return {
        "found": Found("虞", groups, "#found", is_too_short=False, has_post=True),
        "verbs": verbs[:4],
        "more_verbs": verbs[4:],
    }


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show everything there is to build pages from."""
    wrong = ExampleForm({"phone": "1380000", "building": "", "note": "…"}, prefix="wrong")
    wrong.add_error("phone", _("手机号码要 11 位数字，这里只有 7 位"))
    day = today()
    context = {
        "people": _people(),
        "elevation": _elevation(),
        "plan": _plan(),
        **_tables(),
        **_found(),
        "records": _records(request),
        "form": ExampleForm(),
        "chooser": ExampleChooserForm(),
        "wrong_form": wrong,
        "file_form": ExampleFileForm(),
        "page": Paginator(range(100), 10).page(3),
        "tabs": [
            Tab(_("全部"), "?all", True, 128),
            Tab(_("待核实"), "?stale", False, 31),
            Tab(_("已搬走"), "?moved"),
        ],
        "dates": [
            day,
            day - timedelta(days=12),
            day - timedelta(days=70),
            day - timedelta(days=800),
            None,
        ],
        "icons": [
            "home",
            "search",
            "book",
            "user",
            "users",
            "building",
            "map-pin",
            "phone",
            "calendar",
            "elevator",
            "wheelchair",
            "heart-handshake",
            "file-spreadsheet",
        ],
    }
    return render(request, "web/patterns.html", context)


@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """The fragment that the live count on /patterns/ asks for."""
    typed = request.GET.get("q", "").strip()
    return render(request, "web/patterns/count.html", {"typed": typed, "count": len(typed) * 7})
