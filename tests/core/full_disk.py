"""A process whose data lie on a disk that really fills up: see test_storage.py.

``python -m tests.core.full_disk``: LINLI_DATA is on the small disk. Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
READ = ("/", "/people/", "/cases/", "/ask/", "/mine/")


def fill(folder: Path) -> None:
    """Write until nothing more goes in."""
    with (folder / "ballast").open("wb", buffering=0) as out:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    out.write(b"\xff" * size)
            except OSError:
                pass


def use_up_the_journal() -> None:
    """Write until the space that SQLite already holds is used up too."""
    from django.db import DatabaseError

    from linli.core.storage import trouble_of
    from linli.faces.web.sessions import SessionStore

    while True:
        try:
            SessionStore().create()
        except DatabaseError as wrong:
            if trouble_of(wrong) == "full":
                return
            raise


def main() -> None:
    """Make an installation, fill its disk, read and write."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from tests import prepared
    from tests.guards.walker.town import a_walk
    from tests.scope.world import by_the_system

    with by_the_system():
        prepared.migrate()
    user = a_walk().users["secretary"]
    reader, writer = Client(raise_request_exception=False), Client(raise_request_exception=False)
    reader.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    told: dict[str, Any] = {"before": {path: reader.get(path).status_code for path in READ}}
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    with closing(sqlite3.connect(name)) as other:  # as another thread of the server has
        other.execute("SELECT COUNT(*) FROM posts_user").fetchall()
        fill(Path(name).parent)
        told["reading"] = {path: reader.get(path).status_code for path in READ}
        use_up_the_journal()
        answer = writer.post("/sign-in/", {"login": "somebody", "password": "wrong"})
        told["writing"] = [answer.status_code, "磁盘满了" in answer.content.decode()]
        told["still reading"] = {path: reader.get(path).status_code for path in READ}
        connection.close()
    # Started anew on the full disk: SQLite itself cannot even make its small files.
    answer = reader.get("/people/")
    told["started anew"] = [answer.status_code, "磁盘满了" in answer.content.decode()]
    connection.close()
    (Path(name).parent / "ballast").unlink()
    told["after"] = {path: reader.get(path).status_code for path in READ}
    print(json.dumps(told))


if __name__ == "__main__":
    import django

    django.setup()
    main()
