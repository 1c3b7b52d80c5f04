"""Plain sentences to conditions: "殷家社区90岁以上独居老人".

Cut by the longest match (cutting.py), read with its neighbours (reading.py), joined (joining.py).
Every word is a condition, a small word of the language, or shown as unknown.
"""

from linli.workbench.conditions.sentence.understanding import understand, understood

__all__ = ["understand", "understood"]
