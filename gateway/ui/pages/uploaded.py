"""Where an upload from a page leads to: its plan, or back to the form with what was refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem, Silent
from gateway.ui import flash, landing
from gateway.ui.i18n import gettext as _
from gateway.ui.pages.goods_said import kept, refused
from gateway.ui.rendering import go
from gateway.uploads.goods_kept import GoodsKept
from gateway.uploads.not_sure import ColumnsNotSure
from gateway.uploads.uploading import Uploaded

#: Kinds that have a page of their own.
_OWN_PAGE: Final = frozenset({"unauthenticated", "forbidden", "csrf"})


def is_shown_above(problem: Problem) -> bool:
    """Return whether a refusal is shown above the form that was sent. What is our fault has a page of its own, too."""
    return problem.kind not in _OWN_PAGE and problem.status < 500


async def uploaded(request: Request, upload: Callable[[], Awaitable[Uploaded | GoodsKept]]) -> Response:
    """Upload, and go to the plan, or to the costs where it has nothing else; a refusal is shown above the form.

    Raises ColumnsNotSure, and what is our fault.
    """
    try:
        taken = await upload()
    except (Silent, ColumnsNotSure):
        raise
    except Exception as error:
        problem = problem_of(error)
        if not is_shown_above(problem):
            raise
        return go(request, "/plans?upload=open#upload", _refused(problem), refused=True)
    if isinstance(taken, GoodsKept):
        return kept(request, taken)
    answer = taken.answer
    await landing.plan_seen(request, answer.plan_id, answer)
    return go(request, f"/plans/{answer.plan_id}", flash.Flash("done", _("Uploaded. The plan appears here.")))


def _refused(problem: Problem) -> flash.Flash:
    if problem.kind == "duplicate":
        plan_id = str(problem.extra["planId"])
        return flash.Flash(
            "info",
            _("This file was uploaded before for the same channels."),
            [flash.Row(_("Open the existing plan"), f"/plans/{plan_id}")],
        )
    if any(error["path"] == "channels" for error in problem.extra.get("errors", ())):
        return flash.Flash("fail", _("Choose at least one channel: each gets its own analysis."))
    return refused(problem)
