"""Reading the body of a request: JSON that a database can hold."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser


def _no_such_number(text: str) -> NoReturn:
    raise ValueError(text)


def _check_letters(text: str) -> None:
    """Refuse what no database stores: a null character, half a character."""
    if "\x00" in text:
        raise ValueError("null character")
    text.encode()


class Bodies(Parser):
    """JSON without half characters, endless numbers and bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Read the body, or refuse it."""
        try:
            data = json.loads(request.body, parse_constant=_no_such_number)
            # As a whole, keys and values alike; dumps() writes a null character as \u0000 again.
            _check_letters(json.dumps(data, ensure_ascii=False).replace("\\u0000", "\x00"))
        except (ValueError, RecursionError) as wrong:
            raise HttpError(400, "body") from wrong
        return data  # type: ignore[no-any-return]

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Read the parameters of the address."""
        for name, values in data.lists():
            try:
                _check_letters("".join([name, *map(str, values)]))
            except ValueError as wrong:
                raise HttpError(400, "address") from wrong
        return super().parse_querydict(data, list_fields, request)
