"""The upload form without scripts: it takes one document and leads to its plan, or shows why it was refused."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui import i18n, preferences
from gateway.ui.pages import mapping
from gateway.ui.pages.uploaded import uploaded
from gateway.uploads.not_sure import ColumnsNotSure
from gateway.uploads.uploading import take_upload


async def receive(request: Request) -> Response:
    """Take the document and go to its plan; where its columns are not sure, ask what they are."""
    i18n.use(preferences.read(request).language)
    try:
        return await uploaded(request, lambda: take_upload(request))
    except ColumnsNotSure as found:
        return await mapping.ask(request, found)
