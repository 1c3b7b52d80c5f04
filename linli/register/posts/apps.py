"""Who holds which role where, from when to when."""

from __future__ import annotations

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Who holds which role where, from when to when."""

    name = "linli.register.posts"
    label = "posts"
    verbose_name = "岗位"
