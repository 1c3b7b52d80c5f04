"""Decisions about imports: how long a file is kept, when a stopped import may begin again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from linli.core.rules import rule

FILE_KEPT = timedelta(days=30)
BEGINNING = timedelta(seconds=10)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # of the examples
MOST_OF_ONE_NAME, ROWS_FOR_ONE_MORE = 5, 500
# Up to here a page waits for the answer; longer work goes on by itself and shows how far it is.
ROWS_WHILE_WAITING = 1500


@rule(
    says="导入的表格加密保存30天后删除，撤销所需的原值随之删除",
    source="个人信息保护法第19条：保存期限为实现目的所必要的最短时间",
    since="2026-11-23",
    examples=(({"brought_on": date(2026, 11, 1)}, date(2026, 12, 1)),),
)
def purge_on(*, brought_on: date) -> date:
    """On which day are the file and the former values deleted?"""
    return brought_on + FILE_KEPT


@rule(
    says="一张表里同一姓名的行太多就都不认：最多5行，表里每500行再加1行",
    source="设计：名单用来登记和比对，不用来试生日和号码",
    since="2026-11-29",
    examples=(
        ({"rows": 5, "of": 20}, False),
        ({"rows": 6, "of": 20}, True),
        ({"rows": 15, "of": 5000}, False),
        ({"rows": 16, "of": 5000}, True),
    ),
)
def are_guesses(*, rows: int, of: int) -> bool:
    """Are these rows of one name in a list of ``of`` rows more than there are people of it?"""
    return rows > MOST_OF_ONE_NAME + of // ROWS_FOR_ONE_MORE


@rule(
    says="处理导入的进程不在了就是中断：什么都没有写入，可以马上重新开始；刚开始的十秒不算",
    source="设计：一次导入是一个事务，要么全部、要么没有",
    since="2026-11-29",
    examples=(
        ({"began": NINE, "now": NINE + timedelta(minutes=40), "is_alive": True}, False),
        ({"began": NINE, "now": NINE + timedelta(seconds=5), "is_alive": False}, False),
        ({"began": NINE, "now": NINE + timedelta(seconds=11), "is_alive": False}, True),
    ),
)
def was_interrupted(*, began: datetime, now: datetime, is_alive: bool) -> bool:
    """Has an import that began then stopped without an end?"""
    return not is_alive and now - began >= BEGINNING
