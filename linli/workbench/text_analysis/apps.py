"""Text analysis."""

from __future__ import annotations

from django.apps import AppConfig


class TextAnalysisConfig(AppConfig):
    """Category, place, similar messages and topics of what citizens write; only advice."""

    name = "linli.workbench.text_analysis"
    label = "text_analysis"
    verbose_name = "文本分析"
