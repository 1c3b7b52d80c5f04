"""A pooler that lends a server connection for one transaction only would lose role and scope.

The product tells its connection the role and the scope once and relies on them until they change
(decision 0037). Behind a pooler in transaction mode the next statement may go out on the connection
of somebody else: as the owner, or in another's scope. That is found out before anything is asked.
"""

from __future__ import annotations

from typing import Any

from linli.core.database import raw_sql
from linli.core.storage import StorageRefused

POOLED = "pooled"
ROUNDS = 3
# By address of the database: does what stands there keep a connection for its client?
_keeps: dict[tuple[str, str, str], bool] = {}


class SharedConnection(StorageRefused):
    """The pooler gives the connection to others between two statements."""

    def __init__(self) -> None:
        super().__init__(
            POOLED,
            "数据库前面的连接池按事务（或按语句）借出连接，邻里不能这样工作",
            "把连接池改成 session 模式（pgbouncer：pool_mode = session），或让 DATABASE_URL"
            " 直接指向 PostgreSQL，见 docs/decisions/0037-connections.md",
            503,
        )


def refuse_shared(connection: Any, backend_pid: int) -> None:
    """Refuse a pooler that does not keep the server's connection; ask it once per process.

    A pooler makes up the number by which its client cancels a query; without one it is the number
    of the server's own process.
    """
    if raw_sql.announced_process(connection) == backend_pid:
        return
    given = connection.settings_dict
    address = (str(given["HOST"]), str(given["PORT"]), str(given["NAME"]))
    if address not in _keeps:
        _keeps[address] = _keeps_connections(connection)
    if not _keeps[address]:
        # Asked again by the next connection: the pooler may have been put right meanwhile.
        del _keeps[address]
        raise SharedConnection


def _keeps_connections(connection: Any) -> bool:
    """Try it: is the server process of an idle client ever given to another, or changed?"""
    parameters = connection.get_connection_params()
    with _opened(connection, parameters) as idle, _opened(connection, parameters) as busy:
        mine = _process(idle)
        for _round in range(ROUNDS):
            busy.execute("BEGIN")
            # Whoever lends by transaction gives it the connection that was used last: the idle one.
            is_taken = _process(busy) == mine
            is_changed = _process(idle) != mine
            busy.execute("ROLLBACK")
            if is_taken or is_changed or _process(idle) != mine:
                return False
    return True


def _opened(connection: Any, parameters: dict[str, Any]) -> Any:
    opened = connection.Database.connect(**parameters)
    opened.autocommit = True
    return opened


def _process(opened: Any) -> int:
    return int(opened.execute("SELECT pg_backend_pid()").fetchone()[0])
