"""开始使用: what an office does in its first week, one step after the other, on 今日.

Which steps somebody has opened and whether they folded the list away stand with the user, who is
read for every page anyhow. A user from before an office was set up with it has no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from linli.core.database import backup_note
from linli.core.interface.first_week import FirstStep, first_steps
from linli.core.scope import Scope, scope_or_none
from linli.register.posts.models import User

ALL_DONE = "first_week_done"  # in the session: in which post there is nothing left to do


@dataclass(frozen=True)
class StepRow:
    """A step as it is listed: done, the next one, or to be done later."""

    step: FirstStep
    is_done: bool
    is_next: bool


def is_shown_to(request: HttpRequest) -> bool:
    """Is somebody led through the first week? Asks the database nothing."""
    week, scope = _week_of(request), scope_or_none()
    return (
        week is not None
        and scope is not None
        and not week.get("folded")
        and request.session.get(ALL_DONE) != _post_of(scope)
        and bool(first_steps.open_to(scope))
    )


def block(request: HttpRequest) -> dict[str, Any] | None:
    """Return the steps of the post that looks, until all are done or they are folded away."""
    scope, week = scope_or_none(), _week_of(request)
    if scope is None or week is None or not is_shown_to(request):
        return None
    opened = week.get("opened", [])
    listed = [(step, _is_done(step, scope, opened)) for step in first_steps.open_to(scope)]
    if all(is_done for _step, is_done in listed):
        request.session[ALL_DONE] = _post_of(scope)
        return None
    following = next((one for one, done in listed if not done and one.leads_somewhere), None)
    return {
        "rows": [StepRow(step, done, step is following) for step, done in listed],
        "progress": f"{sum(done for _step, done in listed)} / {len(listed)}",
    }


def _is_done(step: FirstStep, scope: Scope, opened: list[str]) -> bool:
    return step.is_done(scope) if step.is_done is not None else step.key in opened


def _week_of(request: HttpRequest) -> dict[str, Any] | None:
    week: dict[str, Any] | None = getattr(request.user, "first_week", None)
    return week


def _post_of(scope: Scope) -> list[str]:
    return [scope.role, *scope.paths]


@login_required
@require_POST
def first_week(request: HttpRequest) -> HttpResponse:
    """Go to a step and remember that; or fold the steps away, or bring them back."""
    scope, week = scope_or_none(), _week_of(request)
    if week is None or scope is None:
        raise Http404
    if (fold := request.POST.get("fold", "")) in ("on", "off"):
        _remember(request, week | {"folded": fold == "on"})
        request.session.pop(ALL_DONE, None)
        return redirect("web:home")
    key = request.POST.get("step", "")
    step = next((one for one in first_steps.open_to(scope) if one.key == key), None)
    if step is None or not step.leads_somewhere:
        raise Http404
    if key not in week.get("opened", []):
        _remember(request, week | {"opened": [*week.get("opened", []), key]})
    return redirect(step.address(scope))


def _remember(request: HttpRequest, week: dict[str, Any]) -> None:
    user = request.user
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(first_week=week)


def has_backup(_scope: Scope) -> bool:
    """Was this installation ever backed up?"""
    return backup_note.has_note()
