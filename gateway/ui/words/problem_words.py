"""What a refusal means and what to do, as messages to translate."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import mark

#: kind of gateway.problems.kinds.KINDS -> title, what to do
KINDS: Final[dict[str, tuple[str, str]]] = {
    "unauthenticated": (mark("You are not signed in"), mark("Sign in again; what you did before is kept.")),
    "forbidden": (
        mark("Your role does not allow this"),
        mark("You can look, but not change this. An admin can give you another role."),
    ),
    "out-of-scope": (
        mark("Your key is limited, and does not allow this"),
        mark("The key that you signed in with is limited to other things. An admin can change that under Keys."),
    ),
    "csrf": (mark("The form is no longer valid"), mark("Reload the page and try again. Nothing was changed.")),
    "not-found": (
        mark("There is nothing at this address"),
        mark("It may have been mistyped. Plans and tasks never disappear: look for it in the lists."),
    ),
    "rate-limited": (mark("Too many requests"), mark("Wait a few seconds and try again. Nothing was changed.")),
    "too-large": (mark("The file is too large"), mark("Export a shorter period, or upload it in parts.")),
    "request-timeout": (mark("The upload took too long"), mark("The connection may be slow. Try again.")),
    "unavailable": (
        mark("Not available now"),
        mark("The database does not answer. Nothing is lost: try again in a few seconds."),
    ),
    "invalid": (mark("Something in the form is not valid"), mark("Check what was entered and try again.")),
    "goods-wrong": (
        mark("No row of it can be kept"),
        mark("Each needs a SKU, an amount that is a number and not negative, and the currency."),
    ),
    "advertising-wrong": (
        mark("The report of advertising cannot be kept"),
        mark("It needs its channel, its days and its currency. Export it by day, and choose just one channel."),
    ),
    "no-goods": (
        mark("There are no costs and no stock in this file"),
        mark("It needs columns for the SKU and for the cost or the units on hand. Upload sales with their channels."),
    ),
    "other-channels": (
        mark("The file has other channels than were chosen"),
        mark("Choose the channels that are in it, and upload it again."),
    ),
    "channel-not-told": (
        mark("The sales in the file name no channel"),
        mark("Choose only the channel that they are of, and upload it again."),
    ),
    "internal": (mark("Something went wrong here"), mark("This was our mistake and it was logged. Try again.")),
}

#: code of gateway.operations.switching -> title, what to do
BREAKERS: Final[dict[str, tuple[str, str]]] = {
    "no-such-breaker": (
        mark("There is no circuit breaker of this name"),
        mark("The page of the system lists them. A name that is not there holds nothing back."),
    ),
}

#: code of gateway.exports.download_limit, and of gateway.access.upload_bytes -> title, what to do
DOWNLOADS: Final[dict[str, tuple[str, str]]] = {
    "upload-bytes-of-one": (
        mark("Your uploads are still being read"),
        mark("They take as much room as yours may have at a time. Send this one again when one of them has ended."),
    ),
    "upload-bytes": (
        mark("Many documents are being read"),
        mark("They take all the room that there is for them. Send this one again in a few seconds."),
    ),
    "downloads-of-one": (
        mark("Your downloads are still on their way"),
        mark("As many go at a time as one person may have. Wait until one has ended, then try again."),
    ),
    "downloads": (
        mark("Many downloads are on their way"),
        mark("As many go at a time as this server sends. Try again in a few seconds."),
    ),
}

#: code of gateway.intake.refused.REASONS -> title, what to do
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "empty-file": (mark("The file is empty"), mark("Export the report again and upload the new file.")),
    "file-too-large": KINDS["too-large"],
    "content-mismatch": (
        mark("The content does not match the file's name"),
        mark("Give the file the ending of what it is, or export it again."),
    ),
    "unsupported-type": (
        mark("This type of file cannot be read"),
        mark("Upload a PDF, DOCX, XLSX, XLS, ODS, CSV, TXT, Markdown or HTML file."),
    ),
    "encrypted": (
        mark("The file is protected by a password"),
        mark("Open it, save a copy without the password, and upload the copy."),
    ),
    "unreadable": (
        mark("The file could not be read"),
        mark("It seems to be damaged. Export it again and upload the new file."),
    ),
    "archive-bomb": (
        mark("The file expands to far too much data"),
        mark("Copy the table into a new workbook, or save it as CSV, and upload that."),
    ),
    "too-many-columns": (
        mark("The table has too many columns"),
        mark("Remove the columns that are not needed; if it should have few, check the separator."),
    ),
    "too-many-rows": (mark("The table has too many rows"), mark("Export a shorter period, or upload it in parts.")),
    "too-slow": (
        mark("Reading the file took too long"),
        mark("Export a shorter period, or save it as XLSX or CSV. A short file may be damaged: export it again."),
    ),
    "too-much-memory": (
        mark("Reading the file needs too much memory"),
        mark(
            "Remove empty columns, sheets and pictures that are not needed, save the table as CSV, or export it month "
            "by month."
        ),
    ),
    "interrupted": (
        mark("Reading the file was interrupted"),
        mark("This was not the file's fault as far as we can tell. Upload it again."),
    ),
    "mapping-field": (
        mark("A column is mapped to a field that does not exist"),
        mark("Choose one of the fields that are offered."),
    ),
    "mapping-column": (
        mark("A mapped column does not exist"),
        mark("Choose one of the columns that the table has."),
    ),
    "mapping-twice": (mark("Two columns are mapped to one field"), mark("Give each field to one column only.")),
    "mapping-personal": (
        mark("A column about buyers cannot be used"),
        mark("Choose another column: figures are made without it."),
    ),
    "busy": (
        mark("The file could not be read in time: the server was busy"),
        mark("This is not the file's fault. Upload it again in a minute."),
    ),
    "scanned": (
        mark("The pages of this PDF are pictures"),
        mark("A scan has no text to read. Upload the export in XLSX or CSV, or the PDF as the program saves it."),
    ),
    "no-rows": (
        mark("The table has columns and no rows"),
        mark("Choose a period with sales, export the report again and upload the new file."),
    ),
    "no-content": (
        mark("There is no text and no table in the file"),
        mark("If it is a scan or a picture, upload the report itself, as XLSX, CSV or a PDF with text."),
    ),
}
