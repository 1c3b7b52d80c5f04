"""Attachments: pictures and documents kept beside a record, sealed (附件凭据)."""
