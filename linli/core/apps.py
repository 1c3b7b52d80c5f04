"""Floor 0 as an app: it watches every connection."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    """Install the watch on SQL before anything connects."""

    name = "linli.core"
    label = "core"
    verbose_name = "地基"

    def ready(self) -> None:
        """Mark the ORM's doors and watch every connection."""
        from linli.core import raw_sql

        raw_sql.mark_the_orm()

        def on_connect(sender: object, connection: object, **kwargs: object) -> None:
            raw_sql.install_watch(connection)  # type: ignore[arg-type]

        connection_created.connect(on_connect, weak=False, dispatch_uid="linli.core.watch")
