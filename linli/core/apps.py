"""Floor 0 as an app: it watches every connection and renews the database guards."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    """Install the watch on SQL before anything connects."""

    name = "linli.core"
    label = "core"
    verbose_name = "地基"

    def ready(self) -> None:
        """Mark the ORM's doors, complete its orders, watch connections, renew triggers."""
        from linli.core.database import sql_watch, text_index  # noqa: F401 - registers the lookup
        from linli.core.database.row_order import complete_every_order
        from linli.core.scope.query_guard import refuse_what_the_scope_cannot_see

        sql_watch.mark_the_orm()
        _register_jobs()
        refuse_what_the_scope_cannot_see()
        complete_every_order()

        def on_connect(sender: object, connection: object, **kwargs: object) -> None:
            sql_watch.install_watch(connection)  # type: ignore[arg-type]

        # weak=False: the receiver is local, and a weak reference to it would be dead at once.
        connection_created.connect(on_connect, weak=False, dispatch_uid="linli.core.watch")
        pre_migrate.connect(before_migrations, sender=self, dispatch_uid="linli.core.before")
        post_migrate.connect(after_migrations, sender=self, dispatch_uid="linli.core.after")


def _register_jobs() -> None:
    from datetime import timedelta

    from django.utils.translation import gettext_noop

    from linli.core.jobs import register_job

    register_job(
        "core.limits",
        term=gettext_noop("清理次数限制"),
        run="linli.core.network.rate_limit.sweep",
        every=timedelta(minutes=1),
    )


def before_migrations(using: str, **kwargs: Any) -> None:
    """Work as the owner of the tables, with the triggers out of the way."""
    from linli.core.database import row_security, triggers

    connection: Any = connections[using]
    connection.linli_is_migrating = True
    row_security.prepare_role(connection)
    triggers.take_down(connection)


def after_migrations(using: str, **kwargs: Any) -> None:
    """Put triggers, indexes of words and row-level security up again, for every table."""
    from linli.core.database import row_security, text_index, triggers
    from linli.core.personal_data import key_fingerprints

    connection: Any = connections[using]
    triggers.put_up(connection)
    text_index.put_up(connection)
    row_security.install(connection)
    key_fingerprints.keep()
    connection.linli_is_migrating = False
