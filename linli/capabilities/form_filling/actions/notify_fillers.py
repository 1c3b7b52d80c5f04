"""Whoever has to fill a form hears of it: a task with its day, a notice, a reminder."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.form_filling.models import FormInstance, FormReturn
from linli.capabilities.form_filling.terms import DECIDE, FILL
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.workbench.notices.actions import send_notice
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.actions import end_state_tasks, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import seat_of_role, users_at

ROLE, ROLE_AT_A_GRID = "community_worker", "grid_worker"
LONGEST_SUBJECT, LONGEST_TEXT = 60, 480


def ask_to_fill(form_instance: FormInstance, by: User | None, *, why: str = "") -> Task:
    """Give the form to the post that fills it at its place: a task, and a notice to its holders."""
    # A returned form is a new occasion; the same one asked twice stays one task and one notice.
    times = FormReturn.objects.filter(form_instance=form_instance).count()
    at_a_grid = form_instance.place.kind == PlaceKind.GRID
    task = open_task(
        kind=FILL,
        about=form_instance,
        place=form_instance.place,
        by=by,
        due_on=form_instance.due_on,
        seat=seat_of_role(ROLE_AT_A_GRID if at_a_grid else ROLE, form_instance.place),
        title=(_("退回重填：%(title)s") if why else _("填表：%(title)s"))
        % {"title": form_instance.title},
        note=why
        or _("%(who)s要的，依据：%(basis)s")
        % {"who": form_instance.asked_by, "basis": form_instance.basis},
        occasion=f"{form_instance.link}:{times}",
    )
    told = {
        "title": form_instance.title,
        "who": form_instance.asked_by,
        "day": form_instance.due_on,
        "why": why,
    }
    words = _("《%(title)s》退回了：%(why)s") if why else _("%(who)s要《%(title)s》，%(day)s前交")
    notify_filler(
        form_instance,
        task,
        f"form_filling.fill:{form_instance.link}:{times}",
        _("要填的表"),
        words % told,
        by,
    )
    return task


def notify_filler(
    form_instance: FormInstance,
    task: Task | None,
    key: str,
    subject: str,
    words: str,
    by: User | None,
) -> None:
    """Tell who holds the post a form was given to; a form of somebody's own is told to them."""
    people = users_at(task) if task is not None else [form_instance.by]
    if not people:
        return  # an empty post: its task goes to the next one up by itself
    page = reverse("form_filling:form-instance", args=[form_instance.link])
    send_notice(
        key=key,
        about=form_instance,
        by=by,
        recipients=[Recipient(person.name, user=person) for person in people],
        subject=subject[:LONGEST_SUBJECT],
        text=f"{words[:LONGEST_TEXT]} {page}",
    )


def task_of(form_instance: FormInstance) -> Task | None:
    """Return the latest task of a form that was given out."""
    mine = Task.objects.filter(
        kind=FILL, subject_kind="form_filling.forminstance", subject_id=form_instance.pk
    )
    task: Task | None = mine.order_by("-pk").first()
    return task


def remind_of(form_instance: FormInstance) -> None:
    """Tell who has to fill a form that its day is near: the post it was given to, else its own."""
    task = task_of(form_instance)
    if task is None and form_instance.distribution_id is not None:
        task = ask_to_fill(form_instance, None)
    told = {"title": form_instance.title, "day": form_instance.due_on}
    notify_filler(
        form_instance,
        task,
        # The day is in the key: the job runs again and again, a new day is said anew.
        f"form_filling.due:{form_instance.link}:{form_instance.due_on}",
        _("表格快到期"),
        _("《%(title)s》%(day)s前要交") % told,
        None,
    )


def filled_in(form_instance: FormInstance, by: User | None) -> None:
    """End the task of a form that was handed in, and ask whoever gave it out to look it over."""
    end_state_tasks(about=form_instance, kinds=(FILL,), by=by, result=_("已上交"))
    if form_instance.distribution_id is None:
        return  # of one's own: nobody here accepts it
    names = {"title": form_instance.title, "place": form_instance.place.name}
    open_task(
        kind=DECIDE,
        about=form_instance,
        place=form_instance.place,
        by=by,
        title=_("收表：%(title)s（%(place)s）") % names,
    )


def decided(form_instance: FormInstance, by: User | None) -> None:
    """End the task of whoever had to accept or return a form."""
    result = str(form_instance.get_state_display())
    end_state_tasks(about=form_instance, kinds=(DECIDE,), by=by, result=result)


def no_longer_to_fill(form_instance: FormInstance, by: User | None, reason: str) -> None:
    """Take the task of a form back."""
    kinds = (FILL, DECIDE)
    end_state_tasks(about=form_instance, kinds=kinds, by=by, result=reason, done=False)
