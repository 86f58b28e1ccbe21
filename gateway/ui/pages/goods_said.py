"""What pages say of costs and stock that were uploaded: what was kept, or why nothing was."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems.problem import Problem
from gateway.ui import flash
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import ngettext
from gateway.ui.problems import in_words
from gateway.ui.rendering import go
from gateway.ui.words import reading_words
from gateway.uploads.goods_kept import GoodsKept

PAGE: Final = "/costs"


def kept(request: Request, found: GoodsKept) -> Response:
    """Go to the costs, with what was kept of a file."""
    said = ngettext("%(n)s SKU with its cost", "%(n)s SKUs with their cost", found.costs)
    parts = [_("%(what)s (%(n)s new or changed)", what=said, n=found.costs_changed)] if found.costs else []
    if found.stock:
        said = ngettext("%(n)s SKU with its stock", "%(n)s SKUs with their stock", found.stock)
        parts.append(_("%(what)s (%(n)s new or changed)", what=said, n=found.stock_changed))
    if found.advertising:
        said = ngettext("%(n)s report of advertising", "%(n)s reports of advertising", found.advertising)
        parts.append(_("%(what)s (%(n)s new or changed)", what=said, n=found.advertising_changed))
    text = _(
        "Kept, without a plan: %(parts)s. Sales that are uploaded from now on use it; a file that became a plan before"
        " uses it once it is uploaded again.",
        parts=", ".join(parts),
    )
    rows = [
        flash.Row(reading_words.remark(sentence))
        for sentence in found.told
        if found.wrong_rows or found.without or found.advertising
    ]
    return go(request, PAGE, flash.Flash("done", text, rows))


def refused(problem: Problem) -> flash.Flash:
    """Say why nothing was kept, row by row where rows are wrong."""
    title, advice = in_words(problem)
    return flash.Flash(
        "fail",
        f"{title}. {advice}",
        [flash.Row(reading_words.remark(str(text))) for text in problem.extra.get("told", ())],
    )
