"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, Waits, declare_states

_STOPPED = Shown("webhooks.stopped", "on 今日 of the subdistrict, who alone manages them")

declare_states(
    "webhooks.webhook", "stop_reason", {"by_hand": Ends(), "gone": _STOPPED, "failing": _STOPPED}
)
declare_states(
    "webhooks.webhookdelivery",
    "state",
    {
        "queued": Waits("the next run", job="webhooks.send"),
        "sending": Waits("the other program; lost ones become unknown", job="webhooks.send"),
        "sent": Ends(),
        "failed": Shown("webhooks.all", "when they go on failing the webhook stops: 今日 says so"),
        "unknown": Shown("webhooks.all", "the other program tells doubles by the key"),
    },
)
