"""通知：notices status 看待发、已发、没发成、不确定各多少，哪条通道不通。"""

from __future__ import annotations

import argparse

from django.utils import timezone

from linli.core.interface.commands import CommandContext
from linli.core.scope import scope_or_none, system_scope
from linli.workbench.notices import queries
from linli.workbench.notices.channels import goes_to_a_file
from linli.workbench.notices.models import ChannelSetting
from linli.workbench.notices.terms import ChannelKind, DeliveryState


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the one thing it does."""
    parser.add_argument("what", choices=["status"], help="现状")


def run(given: CommandContext) -> int:
    """Count messages by state, name channels that are down; exit code 1 when something needs a
    person."""
    if scope_or_none() is None:
        with system_scope("how the outbox is doing, asked at the machine itself"):
            return _status(given)
    return _status(given)


def _status(given: CommandContext) -> int:
    states = queries.numbers_by_state()
    oldest = queries.oldest_waiting()
    waited = round((timezone.now() - oldest).total_seconds()) if oldest else 0
    down = [
        channel_setting
        for channel_setting in queries.channels_here()
        if channel_setting.is_active and channel_setting.down_since
    ]
    no_way = queries.waiting_without_a_way(sms_to_file=goes_to_a_file())
    for state in DeliveryState:
        given.say(f"{state.label}：{states.get(state.value, 0)}")
    if oldest:
        given.say(f"最早一条待发已等{waited // 60}分钟")
    for setting in down:
        given.say(f"{setting.name}（{setting.get_kind_display()}）不通：{_why(setting)}")
    for kind, waiting in no_way.items():
        label = ChannelKind(kind).label
        given.say(f"{label}没有通道，{waiting}条一直等着：请街道管理员在“通知通道”里设置")
    given.answer(
        no_channel=no_way,
        states={state.value: states.get(state.value, 0) for state in DeliveryState},
        waiting_seconds=waited,
        down=[
            {
                "name": setting.name,
                "kind": setting.kind,
                "since": str(setting.down_since),
                "failures": setting.failures,
                "error": setting.last_error,
            }
            for setting in down
        ],
    )
    needs_a_person = states.get(DeliveryState.UNKNOWN, 0) or states.get(DeliveryState.FAILED, 0)
    return 1 if needs_a_person or down or no_way else 0


def _why(way: ChannelSetting) -> str:
    return f"从{way.down_since:%m-%d %H:%M}起，试了{way.failures}次 {way.last_error}".strip()
