"""Addresses of signing in, posts and tokens."""

from __future__ import annotations

from django.urls import path, re_path

from linli.register.posts.pages import posts, sign_in, tokens

app_name = "posts"

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/demonstration/", sign_in.demonstration, name="demonstration"),
    path("second-factor/", sign_in.second_factor, name="second-factor"),
    path("sign-out-everywhere/", sign_in.sign_out_everywhere, name="sign-out-everywhere"),
    # The account pages of the library come after these, which answer for what is left out.
    path("account/login/", sign_in.to_sign_in),
    re_path(
        r"^account/(signup|email|confirm-email|password/reset|login/code)/", sign_in.not_offered
    ),
    path("posts/", posts.posts, name="posts"),
    path("posts/give/", posts.give, name="give"),
    path("posts/<int:pk>/end/", posts.end, name="end"),
    path("posts/<int:pk>/password/", posts.password, name="password"),
    path("posts/<int:pk>/second-factor/", posts.reset_second_factor, name="reset-second-factor"),
    path("second-factor-resets/<int:pk>/", posts.agree_second_factor, name="agree-second-factor"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke"),
]
