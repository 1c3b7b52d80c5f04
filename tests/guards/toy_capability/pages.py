"""The page of toys."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from linli.capabilities.toys.queries import toys


@login_required
def toy_list(request: HttpRequest) -> HttpResponse:
    """Show the toys here."""
    return render(request, "toys/list.html", {"toys": toys()})
