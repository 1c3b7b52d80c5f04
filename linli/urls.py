"""Every app's addresses, found by folder: /<prefix>/… as its urls.py says."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []

for config in apps.get_app_configs():
    name = f"{config.name}.urls"
    if config.name.startswith("linli.") and find_spec(name) is not None:
        prefix = getattr(import_module(name), "PREFIX", "")
        urlpatterns.append(path(prefix, include(name)))

# After our own: they leave out some account pages by answering first.
urlpatterns.append(path("account/", include("allauth.urls")))

handler400 = "linli.faces.web.errors.bad_request"
handler403 = "linli.faces.web.errors.forbidden"
handler404 = "linli.faces.web.errors.not_found"
handler500 = "linli.faces.web.errors.server_error"
