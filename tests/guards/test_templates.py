"""How templates are laid out, each rule of the linter with a piece that it must find."""

from __future__ import annotations

import pytest

from tools.lint_templates import faults

WIDE = "住" * 58
LONGEST = '{% include "' + "a" * 110 + '" %}'
TRANSLATED = "{% blocktranslate %}" + WIDE + "，{{ n }} 户{% endblocktranslate %}"


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("long", f"<p>{WIDE} {{{{ a }}}}</p>", f"<p>{WIDE[:50]} {{{{ a }}}}</p>"),
        ("long", f'<a class="b" href="{"a" * 110}">', f'<a\n  class="b"\n  href="{"a" * 110}"\n>'),
        ("long", f"{LONGEST} {LONGEST}", f"{LONGEST}\n{LONGEST}"),
        ("long", f"<b>一</b> {TRANSLATED}", f"<b>一</b>\n{TRANSLATED}"),
        ("crowded", "<ul><li>一</li>\n</ul>", "<ul>\n  <li>一</li>\n</ul>"),
        ("crowded", "{% if a %}<p>一</p>\n{% endif %}", "{% if a %}\n  <p>一</p>\n{% endif %}"),
        ("crowded", "<p>一</p><p>二</p>", "<p>一</p>\n<p>二</p>"),
        ("crowded", "<p>一\n</p></div>", "<p>一\n</p>\n</div>"),
        ("space", "<p>一户\n  三人</p>", "<p>\n  一户三人\n</p>"),
        ("space", "一户，\n三人", "一户，<br>\n三人"),
        (
            "message",
            "{% blocktranslate %}一户\n{{ n }}人{% endblocktranslate %}",
            "{% blocktranslate trimmed %}\n  一户{{ n }}人\n{% endblocktranslate %}",
        ),
    ],
)
def test_each_rule_finds_what_it_is_for(rule: str, bad: str, good: str) -> None:
    assert [said.split(":")[0] for _, said in faults(bad)] == [rule]
    assert faults(good) == []


def test_a_fault_is_told_with_its_line() -> None:
    assert faults("<p>一</p>\n<p>二</p><p>三</p>\n")[0][0] == 2


def test_what_is_kept_as_typed_is_left_alone() -> None:
    assert faults("<pre>一\n二</pre>\n<textarea>一\n二</textarea>\n") == []
