"""The kinds of problems: each has a status, a title, and a meaning for the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `meaning` is its text in the documentation that `type` links to."""

    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    "bad-request": Kind(400, "The request cannot be read", "Its syntax is wrong; the detail says where."),
    "unauthenticated": Kind(401, "Authentication is needed", "No API key or sign-in came with it, or it is not valid."),
    "forbidden": Kind(
        403,
        "Not allowed",
        "The key's role does not permit this, or a limit of the key; `neededRole` or `neededScope` does.",
    ),
    "four-eyes": Kind(
        403,
        "Somebody else has to approve",
        "Four eyes are required: the uploader (`uploadedBy`) may not approve the plan. If there are people, a key"
        " without a person may not either. Another person with `neededRole` may.",
    ),
    "csrf": Kind(403, "The form is no longer valid", "A write from a page needs the CSRF token."),
    "not-found": Kind(404, "Not found", "Nothing is at this address."),
    "method-not-allowed": Kind(405, "Method not allowed", "The address knows other methods: see `Allow`."),
    "request-timeout": Kind(408, "The request came too slowly", "Its headers or its body were not complete in time."),
    "wrong-status": Kind(
        409, "Not possible in this status", "`currentStatus` is the present status; `actions` lists what is possible."
    ),
    "duplicate": Kind(
        409, "This file is known already", "`planId` is the plan of this file; `again=true` makes another one."
    ),
    "too-many-tasks": Kind(
        409, "The plan takes no further task", "`limit` tasks were added to it: change one of them, or comment on it."
    ),
    "version-mismatch": Kind(
        412, "Changed in the meantime", "`If-Match` differs from `version`, the present one: read it again."
    ),
    "too-large": Kind(413, "Too large", "The body is larger than the limit that the detail names."),
    "unsupported-media-type": Kind(415, "Unsupported media type", "The detail names the types that can be read."),
    "invalid": Kind(422, "Invalid values", "`errors` lists each value that is wrong, and why."),
    "columns-not-sure": Kind(
        422,
        "Which column is which is not sure",
        "`tables` has the columns with their assumed fields, `fields` the possible ones: send `mapping` or `map`,"
        " or `anyway=true` for a plan without figures of these tables.",
    ),
    "goods-wrong": Kind(
        422, "No row of costs or stock can be kept", "`errors` lists the rows and what is wrong with each."
    ),
    "advertising-wrong": Kind(
        422, "No report of advertising can be kept", "The detail and `told` say what each lacks, and how to export it."
    ),
    "no-goods": Kind(
        422,
        "There are no costs and no stock in the document",
        "It needs a table with SKUs and their costs, or the units on hand. Sales are uploaded with their channels.",
    ),
    "other-channels": Kind(
        422,
        "The document has none of the requested channels",
        "`found` lists the channels of its sales: name them in `channels`.",
    ),
    "channel-not-told": Kind(
        422,
        "The sales name no channel",
        "`unnamed` has their sums and the channels that were asked for: send `unnamed` with one of them,"
        " or `anyway=true` for a plan without their figures.",
    ),
    "key-reused": Kind(
        422, "Idempotency key used before", "The `Idempotency-Key` came with a different request before."
    ),
    "rate-limited": Kind(429, "Too many requests", "Wait as long as `Retry-After` says."),
    "head-too-large": Kind(
        431, "The headers are too large", "The request line and headers are larger than `limit` bytes."
    ),
    "internal": Kind(500, "Something went wrong here", "Our mistake. Report the `requestId`."),
    "unavailable": Kind(
        503,
        "Not available now",
        "Something the gateway needs is down. Nothing was lost: try again after `Retry-After`.",
    ),
}
