"""What is done with toys."""

from __future__ import annotations

from typing import Any

from linli.capabilities.toys.models import Toy

from linli.core.actions import action, write_journal
from linli.register.places.models import Place
from linli.register.posts.permits import role_in


@action("toy.bring", term="登记玩具", may=role_in(frozenset({"secretary"})), journal="toy.brought")
def bring_toy(*, name: str, place: Place, by: Any) -> Toy:
    """Put a toy on the shelf of a place."""
    toy: Toy = Toy.objects.create(name=name, place=place, scope_path=place.path)
    write_journal("toy.brought", about=toy, text=name, by=by)
    return toy
