"""Personal values are sealed at rest and still found by their blind index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from linli.core.personal_data.crypto import (
    CannotCompare,
    CannotOpen,
    EncryptedText,
    blind_index,
    decrypt,
    encrypt,
    is_current,
    rotate,
    rotate_column,
)

OLD, NEW = "the old key, long enough to be one", "the new key, long enough to be one"


class Secret(models.Model):
    """A table of this test alone."""

    text = EncryptedText(blank=True)
    note = EncryptedText(null=True)

    class Meta:
        app_label = "tests_core"  # not installed, so that no migration is missed


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert encrypt("13812345678") != encrypt("13812345678")
    assert encrypt("") == ""


def test_a_changed_or_foreign_sealing_does_not_open() -> None:
    sealed = encrypt("13812345678")
    with pytest.raises(CannotOpen):
        decrypt(sealed[:-4] + "AAA=")
    with override_settings(LINLI_FIELD_KEYS=[NEW]), pytest.raises(CannotOpen):
        decrypt(sealed)


def test_a_key_is_rotated_without_losing_what_the_old_one_sealed() -> None:
    with override_settings(LINLI_FIELD_KEYS=[OLD]):
        sealed = encrypt("13812345678")
    with override_settings(LINLI_FIELD_KEYS=[NEW, OLD]):
        assert not is_current(sealed)
        renewed = rotate(sealed)
        assert is_current(renewed)
        assert rotate(renewed) == renewed
    with override_settings(LINLI_FIELD_KEYS=[NEW]):
        assert decrypt(renewed) == "13812345678"


def test_equal_values_of_one_purpose_find_each_other() -> None:
    index = blind_index("13812345678", "phone")
    assert index == blind_index("13812345678", "phone")
    assert len(index) == 64
    assert index != blind_index("13812345678", "identity")
    assert index != blind_index("13812345679", "phone")
    assert blind_index("", "phone") == ""
    with override_settings(LINLI_INDEX_KEY="another"):
        assert index != blind_index("13812345678", "phone")


@pytest.mark.parametrize("lookup", ["exact", "iexact", "contains", "in", "startswith", "gt"])
def test_comparing_a_sealed_column_raises(lookup: str) -> None:
    value = ["a"] if lookup == "in" else "a"
    with pytest.raises(CannotCompare, match="blind index"):
        Secret.objects.filter(**{f"text__{lookup}": value})
    with pytest.raises(FieldError):
        Secret.objects.exclude(**{f"text__{lookup}": value})


def test_asking_whether_a_sealed_column_is_empty_is_fine() -> None:
    assert "IS NULL" in str(Secret.objects.filter(note__isnull=True).query)
    assert "IS NOT NULL" in str(Secret.objects.filter(note__isnull=False).query)


def test_a_transform_of_a_sealed_column_raises() -> None:
    with pytest.raises(CannotCompare):
        Secret.objects.filter(text__length=3)


@pytest.fixture
def _table(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Secret)
        if connection.vendor == "postgresql":  # the product works as a role that owns no table
            editor.execute("GRANT ALL ON tests_core_secret TO PUBLIC")
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Secret)


def _raw() -> list[str]:
    as_text = models.functions.Cast("text", models.TextField())
    return list(Secret.objects.order_by("pk").values_list(as_text, flat=True))


@pytest.mark.postgres
@pytest.mark.usefixtures("_table")
def test_the_database_holds_only_sealed_text() -> None:
    Secret.objects.create(text="13812345678", note=None)
    Secret.objects.bulk_create([Secret(text="张三"), Secret(text="")])
    Secret.objects.filter(pk=1).update(note="更新")
    assert list(Secret.objects.order_by("pk").values_list("text", flat=True)) == [
        "13812345678",
        "张三",
        "",
    ]
    assert Secret.objects.get(pk=1).note == "更新"
    assert Secret.objects.get(pk=2).note is None
    assert all("138" not in raw and "张三" not in raw for raw in _raw())


@pytest.mark.postgres
@pytest.mark.usefixtures("_table")
def test_a_column_is_rotated_in_batches_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.core.personal_data.crypto.ROTATED_AT_ONCE", 2)
    with override_settings(LINLI_FIELD_KEYS=[OLD]):
        Secret.objects.bulk_create([Secret(text=f"秘密{n}") for n in range(5)])
    with override_settings(LINLI_FIELD_KEYS=[NEW, OLD]):
        Secret.objects.create(text="秘密5")
        assert rotate_column(Secret.objects.all(), "text") == 5
        assert rotate_column(Secret.objects.all(), "text") == 0
    with override_settings(LINLI_FIELD_KEYS=[NEW]):
        found = list(Secret.objects.order_by("pk").values_list("text", flat=True))
    assert found == [f"秘密{n}" for n in range(6)]
