"""Who is meant by a row of a list: plain Python, no database, twenty thousand rows in seconds.

The method is Fellegi and Sunter's (1969): every fact that agrees or disagrees gives so many bits of
evidence; the weights stand with their reasons in ``weights.py`` and are the same for every list.
"""

from linli.capabilities.record_linkage.matching.entries import LinkageEntry
from linli.capabilities.record_linkage.matching.matcher import Matcher
from linli.capabilities.record_linkage.matching.rivals import Rival, RowMatch

__all__ = ["LinkageEntry", "Matcher", "Rival", "RowMatch"]
