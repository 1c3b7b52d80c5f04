"""The messages to whoever is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.core.errors import Refused
from linli.register.posts.queries import signed_in
from linli.workbench.notices import queries
from linli.workbench.notices.forms import NoticeReplyForm
from linli.workbench.notices.pages.common import tell_form
from linli.workbench.notices.pages.public import answered


@login_required
@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the messages to me, the latest first."""
    return render(request, "notices/inbox.html", {"rows": queries.inbox_of(signed_in(request))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message to me; a tap says that I have read it."""
    delivery = queries.own_message(signed_in(request), pk)
    form = NoticeReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered(delivery, form.cleaned_data["words"], by=signed_in(request))
        except Refused as refused:
            tell_form(form, refused)
        else:
            messages.success(request, _("已记下您看到了"))
            return redirect("notices:inbox")
    context = {"row": delivery, "form": form}
    return render(request, "notices/message.html", context, status=422 if form.errors else 200)
