"""What was sent: whose key, what it held as a keyed hash, how it ended, where it was answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.workbench.submissions.rules import LONGEST_ADDRESS, LONGEST_KEY
from linli.workbench.submissions.terms import SubmissionState


class Submission(models.Model):
    """A form that somebody sent, claimed by its first action in the action's own transaction."""

    # The installation keeps account here; what somebody does is the action that claims it.
    writes_are_actions = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    body_hash = models.CharField(max_length=64)
    # Which of several arrivals of the same form claimed it: that one goes on, the others stop.
    arrival = models.CharField(max_length=32)
    state = models.CharField(
        _("状态"), max_length=10, choices=SubmissionState, default=SubmissionState.CLAIMED
    )
    answer = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("收件")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self) -> str:
        return self.key
