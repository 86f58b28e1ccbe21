"""Applies a person's answer of which channel the sales are that name none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.kept import digest_of
from schemas.channels import CHANNELS, channel_name
from schemas.facts import ChannelFacts, DocumentFacts, TableRead

#: The remark on a table without a channel in a document for several channels.
NAMES_NONE: Final = (
    "A tabela não diz de qual canal é cada venda; envie um arquivo por canal ou inclua a coluna “Canal”."
)
#: Of rows that name none, in a table of which others do.
BLANK: Final = "{rows} linha(s) não dizem de qual canal são, e não foram contadas."
_NOT_COUNTED: Final = re.compile(re.escape(BLANK).replace(r"\{rows\}", r"\d+"))
#: The value in place of a channel while nobody has said which.
NOBODYS: Final = ""
TOLD: Final = "O canal destas vendas foi informado por uma pessoa: {name}."
TOLD_LATER: Final = (
    "O canal foi informado depois da leitura: a auditoria de tarifas, a publicidade do canal e a comparação com outros "
    "documentos não estão nestes números. Para tê-las, envie o arquivo outra vez e escolha só este canal."
)


def choosable(named: Sequence[ChannelFacts]) -> list[str]:
    """Return the channels that the sales can be given to: those without figures in the document, as sums do not add."""
    there = {own.channel for own in named}
    return [channel for channel in CHANNELS if channel not in there]


def said_of(facts: DocumentFacts, channel: str) -> DocumentFacts:
    """Return the facts with the sales that name no channel as those of this one, of which it has no others."""
    assert facts.unnamed is not None
    own = replace(facts.unnamed, channel=channel, warnings=[*facts.unnamed.warnings, TOLD_LATER])
    every = sorted([*facts.channels, own], key=lambda one: one.channel)
    tables = [told(one, channel) if one.unnamed else one for one in facts.tables]
    return replace(facts, channels=every, tables=tables, unnamed=None, goods=digest_of(every))


def told(table: TableRead, channel: str) -> TableRead:
    """Return the report of a table whose rows name no channel, or some of them, of which a person has said it."""
    remarks = [one for one in table.warnings if one != NAMES_NONE and not _NOT_COUNTED.fullmatch(one)]
    said = TOLD.format(name=channel_name(channel))
    return replace(table, told_channel=channel, unnamed=0, warnings=[*remarks, said])
