"""A document of costs, stock or advertising alone, which makes no plan. For the API and the pages."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request

from gateway.intake.goods import NAME_OF_GOODS
from gateway.problems.problem import Problem
from gateway.uploads import goods_kept, mapping_store
from gateway.uploads.goods_kept import GoodsKept
from gateway.uploads.in_language import remarks_in
from gateway.uploads.mapping_store import Said
from gateway.uploads.not_sure import ColumnsNotSure
from gateway.uploads.uploading import arrived, read_arrived


async def take_goods(request: Request) -> GoodsKept:
    """Read the request's form and document, and keep its costs, stock and advertising; sales in it are left alone.

    Raises Problem: 400, 403, 408, 413, 415, 422 (`goods-wrong`, `no-goods`); ColumnsNotSure where a table asks.
    """
    async with arrived(request, of_sales=False) as (form, wanted):
        read = await read_arrived(request, form, wanted, wanted.mappings)
        if not read.goods.seen:
            if any(table.asks for table in read.facts.tables):
                raise ColumnsNotSure(read, form.filename, replace(wanted, channels=[]))
            told = [
                text
                for table in read.facts.tables
                if table.layout == NAME_OF_GOODS or table.kind == "advertising"
                for text in table.warnings
            ]
            raise Problem(
                "no-goods",
                "It needs a table with SKUs and their costs, or the units on hand, or a report of advertising with days"
                " and what it cost.",
                told=remarks_in(wanted.language, told),
            )
        goods_kept.demand_some(read.goods, wanted.language)
        kept = await goods_kept.keep(request, form, read.goods, wanted.language)
        who = request.state.principal.name
        await mapping_store.in_one_go(
            request.state.services.pool,
            lambda db: mapping_store.keep(db, Said(read.given), read.kept, form.filename, who),
        )
        return kept
