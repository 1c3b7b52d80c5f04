"""Attachments."""

from __future__ import annotations

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Keep bytes beside records: photos of the journal today, invoices and scans later."""

    name = "linli.workbench.attachments"
    label = "attachments"
    verbose_name = "附件凭据"
