"""Taking a change of the register back: exactly what it did, or nothing.

A change is remembered as the difference between the rows before and after it. It can be taken back
while the register still says what the change left behind; whatever says otherwise stands in the way
and is named.
"""

from linli.register.people.reversal.memory import Memory
from linli.register.people.reversal.obstacles import Obstacle, Reason, obstacles_of
from linli.register.people.reversal.restore import restore
from linli.register.people.reversal.snapshot import Recording
from linli.register.people.reversal.stored_memory import read_memory

__all__ = ["Memory", "Obstacle", "Reason", "Recording", "obstacles_of", "read_memory", "restore"]
