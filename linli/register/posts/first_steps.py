"""The first week's steps about colleagues and accounts: are they done?"""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from linli.core.scope import Scope
from linli.register.posts.models import Post


def has_colleagues(scope: Scope) -> bool:
    """Does somebody else hold a post here?"""
    others = Post.objects.filter(user__isnull=False, ended_at__isnull=True)
    return others.exclude(user_id=scope.user_id).exists()


def has_second_factor(scope: Scope) -> bool:
    """Has whoever looks set up a second factor?"""
    return bool(Authenticator.objects.filter(user_id=scope.user_id).exists())
