import pytest
from tests.guards.walker.test_every_address import *
from tests.guards.walker import test_every_address as t

@pytest.mark.parametrize("role", ["grid_worker","auditor"])
def test_mine(walk, role):
    mine = [a for a in addresses() if a.route.startswith(("directory","r/","api/v1/directory"))]
    assert mine
    for a in mine: plan(a, walk)
    walker = Walker(walk.users.get(role))
    wrong = [w for a in mine for w in one_address(walk, role, walker, a)]
    assert not [*walker.crashes.values(), *wrong[:30]], "\n".join([*walker.crashes.values(), *wrong[:30]])
