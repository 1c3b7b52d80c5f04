"""A stretch of time and a field become a comparison."""

from __future__ import annotations

from datetime import date, timedelta

from linli.core.fields import Compare, Field, Node, Op
from linli.workbench.conditions.sentence.pieces import Day, Span


def over_time(one: Field, day: Day) -> Node | None:
    """Compare a date with a stretch between two days."""
    if day.first and day.last:
        if day.first == day.last:
            return Compare(one.key, Op.EQ, day.first)
        return Compare(one.key, Op.BETWEEN, (day.first, day.last))
    if day.first:
        return Compare(one.key, Op.GE, day.first)
    return Compare(one.key, Op.LE, day.last) if day.last else None


def time_number(one: Field, piece: Day | Span) -> Node | None:
    """Compare a stored year with a stretch between two days."""
    if isinstance(piece, Span):
        return None
    if piece.first and piece.last:
        first, last = piece.first.year, piece.last.year
        if first == last:
            return Compare(one.key, Op.EQ, first)
        return Compare(one.key, Op.BETWEEN, (first, last))
    if piece.first:
        return Compare(one.key, Op.GE, piece.first.year)
    return Compare(one.key, Op.LE, piece.last.year) if piece.last else None


def over_days(one: Field, span: Span, today: date, negated: bool) -> tuple[Node, bool]:
    """Compare a date with days from today; return the comparison and whether it is reversed.

    "30天以上没联系" is the reverse of "近30天联系过"; "入住3年以上" is a date that long ago.
    """
    if span.direction == "ahead" or (one.ahead and span.direction != "past"):
        return Compare(one.key, Op.COMING, span.days), negated
    if span.over and not negated:
        return Compare(one.key, Op.LE, today - timedelta(days=span.days)), False
    return Compare(one.key, Op.WITHIN, span.days), negated
