"""A provider's keys: those of kinds that are not known here are passed over."""

from __future__ import annotations

from tests.integration.gateway.test_gateway_oidc import Company, company, mail, running, signed_in
from tests.support.oidc_provider import account

__all__ = ["company", "running"]


async def test_keys_of_kinds_that_are_not_known_keep_nobody_out(company: Company) -> None:
    """A provider may have keys of a curve of tomorrow, for others; no key at all is no provider."""
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    strange = {"kid": "new", "kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}
    company.provider.strange = [strange, {"kid": "other", "kty": "AKP"}, {"kid": "half", "kty": "RSA", "n": "AQAB"}]
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
    company.provider.published, company.access.company.provider._known = [], None
    async with company.browser() as browser:
        assert (await browser.get("/login/oidc")).status_code == 503
