"""Who holds which role where, from when to when."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostsConfig(AppConfig):
    """Put posts, tokens and the account into the menu."""

    name = "linli.register.posts"
    label = "posts"
    verbose_name = "岗位"

    def ready(self) -> None:
        """Register the pages under 我的 and watch for new passwords."""
        from allauth.account.signals import password_changed
        from django.contrib.auth.signals import user_logged_in

        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import register_home_block, register_page
        from linli.register.posts import rules
        from linli.register.posts.accounts import password_is_their_own, signed_in_here

        register_page(
            "posts.posts",
            label=_("岗位任命"),
            icon="id-badge",
            url_name="posts:posts",
            group="settings",
            may=lambda scope: scope.role in rules.MAY_GIVE_POSTS,
            order=1,
        )
        register_page(
            "posts.password",
            label=_("修改密码"),
            icon="key",
            url_name="account_change_password",
            group="mine",
            order=80,
        )
        register_page(
            "posts.second_factor",
            label=_("第二道验证"),
            icon="shield-lock",
            url_name="posts:second-factor",
            group="mine",
            order=82,
        )
        register_page(
            "posts.tokens",
            label=_("接口令牌"),
            icon="plug",
            url_name="posts:tokens",
            group="settings",
            may=lambda scope: scope.role in rules.MAY_ISSUE_TOKENS,
            order=84,
        )
        register_page(
            "posts.sign_out_everywhere",
            label=_("在所有设备退出"),
            icon="logout",
            url_name="posts:sign-out-everywhere",
            group="mine",
            order=86,
        )
        register_home_block(
            "posts.second_factor",
            template="posts/second_factor_notice.html",
            build="linli.register.posts.gate.second_factor_missing",
            slot="notice",
            order=1,
        )
        register_first_step(
            "posts.second_factor",
            label=_("打开第二道验证"),
            why=_("密码被人看到，也登录不了您的账户"),
            roles=frozenset({"subdistrict_officer"}),
            url_name="posts:second-factor",
            is_done="linli.register.posts.first_steps.has_second_factor",
            order=50,
        )
        password_changed.connect(password_is_their_own, dispatch_uid="linli.posts.password")
        user_logged_in.connect(signed_in_here, dispatch_uid="linli.posts.device")
