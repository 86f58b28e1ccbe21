"""What stops or slows the flow, as far as processes, breakers, flags and the watchdog tell: the worst first."""

from __future__ import annotations

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.words.sentence import Sentence
from gateway.ui.words.system_words import cause, flag, role
from projections.reads.operations import Operations


def of_operations(running: Operations) -> Sentence | None:
    """Return what is wrong and what to do, None where nothing is."""
    if running.broker_away:
        return Sentence(
            "fail",
            "alert",
            _("The broker is away. Work goes on without it: approvals are taken, tasks appear."),
            _("Nothing is lost: everything goes out in order once the broker is back. Bring it back soon."),
            "/system",
            _("Show the system"),
        )
    return _stuck(running) or _missing(running) or _held_back(running)


def _stuck(running: Operations) -> Sentence | None:
    count = sum(running.stuck_by_cause.values())
    if not count:
        return None
    main = max(running.stuck_by_cause, key=lambda name: running.stuck_by_cause[name])
    text = ngettext("%(n)s plan is stuck: %(why)s.", "%(n)s plans are stuck: %(why)s.", count, why=cause(main))
    if running.escalated:
        return Sentence(
            "fail",
            "person-waits",
            text + " " + _("Automatic recovery has not helped: a person must look."),
            _("The page of the system shows what was seen and tried."),
            "/system",
            _("Show the system"),
        )
    if main == "processing-off":
        hint = _("An operator can switch it on again.")
        return Sentence("wait", "ban", text, hint, "/system", _("Show the system"))
    return Sentence("retry", "retry", text, _("It is healing by itself."), "/system", _("Show the system"))


def _missing(running: Operations) -> Sentence | None:
    if not running.processes or not running.missing_roles:
        return None
    names = ", ".join(role(name) for name in running.missing_roles)
    return Sentence(
        "fail",
        "alert",
        _("Not running: %(names)s.", names=names),
        _("What they would do waits, and nothing is lost. Start them; their logs say why they ended."),
        "/system",
        _("Show the system"),
    )


def _held_back(running: Operations) -> Sentence | None:
    if running.switched_off:
        names = ", ".join(flag(one.name)[0] for one in running.switched_off)
        return Sentence(
            "wait",
            "ban",
            _("Switched off: %(names)s.", names=names),
            _("An operator can switch it on again."),
            "/system",
            _("Show the system"),
        )
    held = [b for b in running.holding_back if not b.name.startswith("plan:")]
    if held:
        return Sentence(
            "retry",
            "ban",
            _("Calls are held back: %(names)s.", names=", ".join(b.name for b in held)),
            _("A person holds them back: the plans wait for that.")
            if all(b.forced for b in held)
            else _("The work goes on by itself; a plan 10 s past its deadline goes on without what is missing."),
            "/system",
            _("Show the system"),
        )
    return None
