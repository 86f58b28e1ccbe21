"""Cookies are out of reach of scripts and of other sites, and over TLS they are never sent without it."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from gateway.access import sign_ins


def parts(response: Response) -> tuple[str, set[str]]:
    """Return the name of the only cookie, and what it is told of itself, in lower case."""
    (cookie,) = response.headers.getlist("set-cookie")
    first, *rest = cookie.split("; ")
    return first.partition("=")[0], {one.lower() for one in rest}


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_of_a_sign_in_is_out_of_reach(https: bool) -> None:
    response = Response()
    sign_ins.set_cookie(response, "token", https=https)
    name, told = parts(response)
    assert {"httponly", "samesite=strict", "path=/"} <= told
    assert not any(one.startswith("domain") for one in told), "of this host alone"
    assert ("secure" in told) is https
    assert name.startswith("__Host-") is https, "which browsers take with `secure` and from this host alone"


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_goes_with_the_sign_in(https: bool) -> None:
    response = Response()
    sign_ins.clear_cookie(response, https=https)
    name, told = parts(response)
    assert name == sign_ins.cookie_name(https=https)
    assert "max-age=0" in told
