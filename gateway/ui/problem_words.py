"""What a refusal means and what to do, as messages to translate."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import mark as N_

#: kind of gateway.errors.KINDS -> title, what to do
KINDS: Final[dict[str, tuple[str, str]]] = {
    "unauthenticated": (N_("You are not signed in"), N_("Sign in again; what you did before is kept.")),
    "forbidden": (
        N_("Your role does not allow this"),
        N_("You can look, but not change this. An admin can give you another role."),
    ),
    "csrf": (N_("The form is no longer valid"), N_("Reload the page and try again. Nothing was changed.")),
    "not-found": (
        N_("There is nothing at this address"),
        N_("It may have been mistyped. Plans and tasks never disappear: look for it in the lists."),
    ),
    "rate-limited": (N_("Too many requests"), N_("Wait a few seconds and try again. Nothing was changed.")),
    "too-large": (N_("The file is too large"), N_("Export a shorter period, or upload it in parts.")),
    "request-timeout": (N_("The upload took too long"), N_("The connection may be slow. Try again.")),
    "unavailable": (
        N_("Not available now"),
        N_("The database does not answer. Nothing is lost: try again in a few seconds."),
    ),
    "internal": (N_("Something went wrong here"), N_("This was our mistake and it was logged. Try again.")),
}

#: code of gateway.intake.refused.REASONS -> title, what to do
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "empty-file": (N_("The file is empty"), N_("Export the report again and upload the new file.")),
    "file-too-large": KINDS["too-large"],
    "content-mismatch": (
        N_("The content does not match the file’s name"),
        N_("Give the file the ending of what it is, or export it again."),
    ),
    "unsupported-type": (
        N_("This type of file cannot be read"),
        N_("Upload a PDF, DOCX, XLSX, CSV, TXT, Markdown or HTML file."),
    ),
    "encrypted": (
        N_("The file is protected by a password"),
        N_("Open it, save a copy without the password, and upload the copy."),
    ),
    "unreadable": (N_("The file could not be read"), N_("It seems to be damaged. Export it again and upload the new file.")),
    "archive-bomb": (
        N_("The file expands to far too much data"),
        N_("Copy the table into a new workbook, or save it as CSV, and upload that."),
    ),
    "too-many-columns": (
        N_("The table has too many columns"),
        N_("Remove the columns that are not needed; if it should have few, check the separator."),
    ),
    "too-many-rows": (N_("The table has too many rows"), N_("Export a shorter period, or upload it in parts.")),
    "too-slow": (N_("Reading the file took too long"), N_("Export a shorter period, or save it as XLSX or CSV.")),
    "too-much-memory": (
        N_("Reading the file needs too much memory"),
        N_("Remove empty columns, sheets and pictures that are not needed, or save the table as CSV."),
    ),
    "interrupted": (
        N_("Reading the file was interrupted"),
        N_("This was not the file’s fault as far as we can tell. Upload it again."),
    ),
    "no-content": (
        N_("There is no text and no table in the file"),
        N_("If it is a scan or a picture, upload the report itself, as XLSX, CSV or a PDF with text."),
    ),
}
