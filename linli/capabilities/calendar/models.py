"""Secret addresses from which calendar programs read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.posts.models import Post


class Covers(models.TextChoices):
    """What a feed shows."""

    POST = "post", _("本岗位要办的")
    PLACE = "place", _("本地所有的日子")


class Feed(ScopedModel):
    """A secret address of one post; only its blind index is kept (日历订阅)."""

    post = ScopedForeignKey(
        Post, on_delete=models.CASCADE, related_name="calendar_feeds", follows="equal"
    )
    covers = models.CharField(_("内容"), max_length=8, choices=Covers)
    name = models.CharField(_("给哪里用"), max_length=40)
    token_index = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("日历订阅")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name
