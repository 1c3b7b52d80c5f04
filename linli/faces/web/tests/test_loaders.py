"""What is sent carries no indentation, and is read as before."""

from __future__ import annotations

from django.template.loader import get_template

from linli.faces.web.loaders import without_indentation


def test_lines_begin_at_the_margin() -> None:
    assert without_indentation("<p>\n    一户\n\n  </p>\n") == "<p>\n一户\n\n</p>\n"
    assert without_indentation("一户  三人\n") == "一户  三人\n"


def test_what_is_kept_as_typed_keeps_its_indentation() -> None:
    kept = '<textarea name="a">\n  一\n</textarea>'
    assert without_indentation(f"<p>\n  {kept}\n  </p>") == f"<p>\n{kept}\n</p>"


def test_templates_of_the_product_and_of_the_apps_are_read_so() -> None:
    for name in ("base.html", "cases/case.html"):
        source = get_template(name).template.source  # type: ignore[attr-defined]
        assert "\n " not in source
