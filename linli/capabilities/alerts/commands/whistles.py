"""吹哨：同 alerts，这个旧名字还能用。"""

from __future__ import annotations

from linli.capabilities.alerts.commands.alerts import add_arguments, run

__all__ = ["add_arguments", "run"]
