"""People, households and where they live."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, households and where they live."""

    name = "linli.register.people"
    label = "people"
    verbose_name = "人与户"

    def ready(self) -> None:
        """Put its facts into the dictionary, and say which of its columns have a blind index."""
        from linli.core.personal_data.crypto import register_indexed_column
        from linli.register.people import fields

        fields.declare()
        for sealed, index, purpose in (
            ("phone", "phone_index", "phone"),
            ("identity_number", "identity_index", "identity"),
        ):
            register_indexed_column("people.Person", sealed=sealed, index=index, purpose=purpose)
