"""The ways out of the product: each takes a message and says honestly what became of it."""

from linli.workbench.notices.channels.base import Channel, OutgoingMessage, Receipt, SendOutcome
from linli.workbench.notices.channels.factory import (
    BadAddress,
    channel_of,
    check_address,
    goes_to_a_file,
)

__all__ = [
    "BadAddress",
    "Channel",
    "OutgoingMessage",
    "Receipt",
    "SendOutcome",
    "channel_of",
    "check_address",
    "goes_to_a_file",
]
