"""Text analysis."""

from __future__ import annotations

from django.apps import AppConfig


class TextAnalysisConfig(AppConfig):
    """Category, place, similar messages and topics of what citizens write; only advice."""

    name = "linli.workbench.text_analysis"
    label = "text_analysis"
    verbose_name = "文本分析"

    def ready(self) -> None:
        """Keep the model of categories beside the data: a new start need not learn again."""
        from django.conf import settings

        from linli.workbench.text_analysis.category_model import LEARNER

        if not settings.TESTING:
            LEARNER.file = settings.DATA_DIR / "categories.npz"
