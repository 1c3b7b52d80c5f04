"""Version 1: what apps registered, behind tokens, with refusals in words."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from linli.core.interface.registry import routers
from linli.faces.api.access import SignedIn, Token, in_scope
from linli.faces.api.refusals import say_refusals
from linli.faces.api.request_body import Bodies

ABOUT = _(
    "与页面同样的范围和遮盖。请求头带 Authorization: Bearer 令牌；令牌在“我的”里签发，"
    "岗位结束即失效。已登录的浏览器也可以读取（仅GET）。"
)


def make_api() -> NinjaAPI:
    """Build the API; there is no documentation page: it would need scripts of other hosts."""
    api = NinjaAPI(
        title="邻里 Linli",
        version="1",
        description=str(ABOUT),
        urls_namespace="api",
        docs_url=None,
        auth=[Token(), SignedIn()],
        parser=Bodies(),
    )
    api.add_decorator(in_scope)
    say_refusals(api)
    for prefix, where in routers().items():
        api.add_router(prefix, import_string(where), tags=[prefix.strip("/")])
    return api
