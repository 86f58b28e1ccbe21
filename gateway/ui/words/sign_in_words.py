"""Why somebody does not get in with an account of the company, in words for the form and for the audit."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark

_BEGIN_AGAIN: Final = mark("This sign-in was not begun here, or too long ago. Begin again.")
#: Why somebody does not get in -> what the form says.
_WORDS: Final[dict[str, str]] = {
    "state": _BEGIN_AGAIN,
    "denied": mark("Your company's sign-in did not let you in, or you went back."),
    "unknown": mark("Nobody has made you a person here yet. Ask an admin, and say your e-mail."),
    "no-email": mark("Your company's sign-in does not confirm an e-mail of yours. Ask an admin for a link."),
    "domain": mark("Your e-mail is not of a company that may sign in here."),
    "ended": mark("Your access has ended. Ask an admin."),
    "other-account": mark("This e-mail belongs to a person who signs in with another account. Ask an admin."),
}
#: Why somebody did not get in -> what the audit says; what is missing here is told as it was noted.
_NOTED: Final[dict[str, str]] = {
    "unknown": mark("the account belongs to nobody here"),
    "no-email": mark("the provider does not confirm an e-mail"),
    "domain": mark("the e-mail is of no company that may sign in"),
    "ended": mark("the person has ended"),
    "other-account": mark("the person signs in with another account"),
    "meanwhile": mark("the account was linked at the same moment"),
    "issuer": mark("the answer came from another provider"),
    "code": mark("the provider did not take the code"),
    "token": mark("the provider's token is not believed"),
}


def said(reason: str) -> str:
    """Return what the form says to who does not get in."""
    return _(_WORDS.get(reason, _BEGIN_AGAIN))


def noted(reason: str) -> str | None:
    """Return what the audit says of one who did not get in; None for a reason that is none of these."""
    return _(_NOTED[reason]) if reason in _NOTED else None
