"""The pages of docs/ that are made from the code: rules, permissions, glossary, settings, data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Choices, TextChoices
from django.utils.translation import override

from linli.core import autodiscover
from linli.core.actions import ACTIONS, Action
from linli.core.fields import DICTIONARY
from linli.core.glossary import WORDS
from linli.core.runtime.environment import SETTINGS
from linli.faces.web.rules_page import by_app
from linli.register.posts.rules import Access
from linli.register.posts.terms import Role
from linli.workbench.conditions.access import access_to

MADE = "<!-- Made from the code by `linli docs`; edit the code. -->\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Write a Markdown table."""
    first = list(heads)
    lines = [first, ["---"] * len(first), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def rules() -> str:
    """Write what decides: 规则一览."""
    parts = [f"# 规则一览\n\n{MADE}\n产品里的 `/rules/`；它们写在各应用的 `rules.py`。\n"]
    for app, shown in by_app():
        parts.append(f"\n## {app}\n")
        for rule in shown:
            parts.append(f"\n**{rule.says}**  \n{rule.note}\n")
            if rule.rows:
                parts.append("\n" + table(["情形", "答案"], rule.rows))
    return "".join(parts)


def _may(action: Action, role: str) -> str:
    roles = getattr(action.may, "roles", None)
    return "" if roles is None else ("✓" if role in roles else "")


def permissions() -> str:
    """Write who may do what: one line per action, one column per role."""
    # Actions register themselves when their module is imported.
    autodiscover.autodiscover("actions")
    own = sorted(
        (a for a in ACTIONS.values() if a.function.__module__.startswith("linli.")),
        key=lambda a: a.key,
    )
    rows = [
        [a.term, f"`{a.key}`", *(_may(a, r) for r in Role.values), _asked(a), f"`{a.journal}`"]
        for a in own
    ]
    heads = ["动作", "键", *(str(role.label) for role in Role), "另外", "日志"]
    done = f"# 谁能做什么\n\n{MADE}\n范围另算：岗位只在自己的地方之内。\n\n{table(heads, rows)}"
    return done + _seen()


def _seen() -> str:
    """Write who sees what: one line per fact, one column per role."""
    words = {Access.OPEN: "看", Access.MASKED: "遮盖", Access.HIDDEN: ""}
    parts = [
        "\n# 谁看得到什么\n\n“看”可以查询、排序、统计；“遮盖”只问有没有填；"
        "空着的查不到，也不提它的名称。"
        "未满14周岁的孩子不列给物业经理和微网格长；物业经理不打开居民档案，也不找人。\n"
    ]
    for subject in DICTIONARY.subjects:
        rows = [
            [f.label, *(words[access_to(f, role)] for role in Role.values)]
            for f in DICTIONARY.fields_of(subject.key)
        ]
        heads = ["信息", *(str(role.label) for role in Role)]
        parts.append(f"\n## {subject.label}\n\n{table(heads, rows)}")
    return "".join(parts)


def _asked(action: Action) -> str:
    if hasattr(action.may, "roles"):
        return ""
    return (getattr(action.may, "__doc__", "") or "").strip().partition("\n")[0]


def glossary() -> str:
    """Write the words: of the house, of choices, of actions, of facts."""
    words = [[w.english, w.chinese, w.source, w.not_to_be_confused] for w in WORDS]
    autodiscover.autodiscover("actions")
    actions = sorted({(a.function.__name__.replace("_", " "), str(a.term)) for a in own_actions()})
    return "".join(
        [
            f"# 词汇 Glossary\n\n{MADE}\n",
            table(["term", "中文", "标准", "不要混同于"], words),
            "\n## 动作 Actions\n\n",
            table(["term", "中文"], actions),
            "\n## 选项 Choices\n",
            *(_choices(choice) for choice in all_choices()),
        ]
    )


def own_actions() -> list[Action]:
    """Return the product's own actions."""
    return [a for a in ACTIONS.values() if a.function.__module__.startswith("linli.")]


def all_choices() -> list[type[Choices]]:
    """Return every named choice of the terms rooms."""
    choices = {
        value
        for module in autodiscover.autodiscover("terms")
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
    }
    return sorted(choices, key=lambda choice: (choice.__module__, choice.__qualname__))


def _choices(choice: type[Choices]) -> str:
    meaning = (choice.__doc__ or "").strip().partition("\n")[0]
    rows = [[f"`{member.value}`", member.label] for member in choice]
    return f"\n### {choice.__name__}\n\n{meaning}\n\n{table(['value', '中文'], rows)}"


def settings() -> str:
    """Write every setting with its default."""
    rows = [[f"`{name}`", default, what] for name, default, what in SETTINGS]
    return f"# 设置\n\n{MADE}\n全部来自环境变量。\n\n{table(['名称', '默认', '说明'], rows)}"


def data_dictionary() -> str:
    """Write every fact: what it is called, how sensitive, for what, how long."""
    parts = [f"# 数据字典\n\n{MADE}\n条件、列表、遮盖、导出和保存期限都从这里来。\n"]
    for subject in DICTIONARY.subjects:
        rows = [
            [
                f"`{f.key}`",
                f.label,
                "、".join(f.synonyms),
                f.kind,
                f.sensitivity,
                "推算" if f.is_derived else "",
                "、".join(f.purposes),
                f.retention,
                f.source,
            ]
            for f in DICTIONARY.fields_of(subject.key, all=True)
        ]
        heads = ["键", "名称", "别名", "类型", "敏感", "推算", "用途", "保存", "依据"]
        parts.append(f"\n## {subject.label}\n\n{table(heads, rows)}")
    return "".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules,
    "permissions.md": permissions,
    "glossary.md": glossary,
    "settings.md": settings,
    "data-dictionary.md": data_dictionary,
}


def all_pages() -> dict[str, str]:
    """Return every page by its name, in Chinese whatever the reader's language."""
    with override("zh-hans"):
        return {name: page() for name, page in PAGES.items()}
