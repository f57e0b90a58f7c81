"""The bits of Get Channel Authentication Capabilities and of LAN parameters 1 and 2."""

from __future__ import annotations

import pytest

from baseboard.codes import AuthType
from baseboard.commands.authentication import AuthTypes


@pytest.mark.parametrize("kind", [AuthType.NONE, AuthType.MD2, AuthType.MD5, AuthType.PASSWORD, AuthType.OEM])
def test_bit_n_is_authentication_type_n(kind: AuthType) -> None:
    assert AuthTypes[kind.name] == 1 << kind
