"""Components of a list that fills a desk: the record beside it."""

from __future__ import annotations

from django.utils.safestring import SafeString

from linli.faces.web.tags.library import inside, part, register


@register.simple_block_tag
def beside(content: str) -> SafeString:
    """Open what a link with ``data-beside`` leads to beside the content, where there is room."""
    return part("beside", content=inside(content))
