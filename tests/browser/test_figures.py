"""Figures on a plan's page: each opens to its formula and rows; the unknown is said; channels that nobody chose."""

from __future__ import annotations

import asyncpg
import pytest

from tests.browser import rows
from tests.browser.conftest import Opener

PLAN = f"/plans/{rows.FIGURES}"
MELI = f"{PLAN}/figures/mercado_livre"
WIDTHS = (390, 1024, 1280, 1440)


def squeezed(text: str) -> str:
    """A text without its line breaks and special blanks."""
    return " ".join(text.split())


async def test_a_figure_opens_by_keyboard(opened: Opener) -> None:
    """From the number to its formula and rows, and back to the channel, without a mouse or a script."""
    page = await opened(PLAN, locale="pt-BR", java_script_enabled=False)
    number = page.locator("#figures-mercado_livre").get_by_role("link", name="R$ 66.940,30")
    await number.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{MELI}/fees")
    told = squeezed(await page.inner_text("main"))

    assert await page.inner_text("h1") == "Tarifas"
    assert "soma das tarifas do canal" in told
    assert "1.700 de 1.838 linhas" in told
    assert "Deixadas de fora: canceladas ou não pagas 48" in told
    assert "Não puderam ser usadas: sem valor 90" in told
    assert "Parte que não pôde ser usada 5,03%" in told
    assert "2000000001 19 R$ 450,00 planilha “Vendas BR”, cabeçalho na linha 6" in told
    assert "As primeiras 3, do maior valor para o menor. Nada do comprador é guardado." in told

    await page.get_by_role("link", name="Mercado Livre").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{PLAN}#figures-mercado_livre")


async def test_a_figure_is_made_of_figures(opened: Opener) -> None:
    """The page of a share leads to its parts, in English too."""
    page = await opened(f"{MELI}/fee_share")
    told = squeezed(await page.inner_text("main"))

    assert "16.2%" in told
    assert "fees / revenue" in told
    assert "It is made of the figures above" in told
    await page.get_by_role("link", name="R$ 412.880,10").click()
    await page.wait_for_url(f"**{MELI}/revenue")
    assert "Mar 2026 194.304,60" in squeezed(await page.inner_text("main"))


async def test_figures_stand_there_although_an_agent_wrote_the_plan(opened: Opener) -> None:
    page = await opened(PLAN, locale="pt-BR")
    told = squeezed(await page.inner_text("#figures-mercado_livre"))

    assert "Agente" in await page.inner_text("#channel-mercado_livre .card-head")
    for line in (
        "Receita R$ 412.880,10",
        "− Tarifas R$ 66.940,30 16,2%",
        "− Reembolsos R$ 10.387,80",
        "= Valor líquido R$ 305.430,50",
        "Pedidos 3.214 Pedido médio R$ 128,46",
        "Cancelamentos 3,8% Valor cancelado R$ 9.120,00",
        "Unidades devolvidas 165 Taxa de devolução 4,1%",
        "Tênis Runner 0 TEN-RUN-00 R$ 41.200,00",
    ):
        assert line in told
    await page.click("#figures-mercado_livre-months summary")
    assert "fev. de 2026 120.455,10 19.500,30 8.900,40 desconhecido desconhecido 990 1.221 40 desconhecido" in squeezed(
        await page.inner_text("#figures-mercado_livre-months")
    )


async def test_the_unknown_is_said_with_the_reason(opened: Opener) -> None:
    """Never a zero, never a bare dash, never a currency that nothing tells."""
    page = await opened(PLAN, locale="pt-BR")
    told = squeezed(await page.inner_text("#figures-shopee"))

    assert "O documento não diz a moeda" in told
    assert "R$" not in told
    assert "Receita 58.120,00" in told
    assert "Vendas por publicidade desconhecido Falta a coluna: venda por publicidade." in told
    await page.locator("#figures-shopee").get_by_role("link", name="desconhecido").first.click()
    assert "Coluna sem valores, ou com poucos: tarifas do canal." in await page.inner_text("main")
    assert await page.inner_text(".figure-large") == "desconhecido"
    await page.goto(f"{PLAN}/figures/amazon/revenue")
    assert squeezed(await page.inner_text(".figure-large")) == "USD 1.234,50"
    assert "Supomos que a moeda seja USD" in await page.inner_text("main")


async def test_what_amounts_are_in_is_said_with_how_it_is_known(opened: Opener) -> None:
    """Of each channel, where they stand side by side, and of what a fix is worth."""
    page = await opened(PLAN, locale="pt-BR")
    beside = page.locator(".channels-together")

    assert await beside.locator("[data-currency-of=mercado_livre]").inner_text() == "BRL, como diz o documento"
    assert await beside.locator("[data-currency-of=shopee]").inner_text() == "moeda desconhecida"
    assert "BRL, como diz o documento" in squeezed(await page.inner_text("#figures-mercado_livre .figures-head"))
    assert "Não se sabe se os dias dos canais são os mesmos" in await page.inner_text("main"), "one tells no day"
    assert "Não se sabe se os valores dos canais estão em uma só moeda" in await page.inner_text(
        "[data-several-currencies]"
    )
    assert await page.inner_text("[data-without-worth]") == "só em reais: sem Shopee (moeda desconhecida)"
    english = await opened(PLAN)
    assert await english.inner_text("[data-without-worth]") == "in reais alone: without Shopee (currency unknown)"


async def test_what_makes_the_unknown_known_is_said_and_leads_there(opened: Opener) -> None:
    """Beneath the figures, each way once; on the page of one figure beside its reason. A viewer gets no links."""
    page = await opened(PLAN, locale="pt-BR")
    ways = page.locator("#figures-shopee-ways")
    await ways.locator("summary").click()
    told = squeezed(await ways.inner_text())

    assert "Como descobrir 8 números desconhecidos" in told
    assert told.count("Diga qual é a coluna. Se não houver, envie uma exportação que a tenha.") == 1
    assert "Como descobrir 1 número desconhecido" in await page.inner_text("#figures-mercado_livre-ways")
    await page.goto(f"{PLAN}/figures/shopee/advertising_share")
    note = page.locator("main .note", has_text="Falta a coluna: venda por publicidade.")
    await note.get_by_role("link", name="Ver as colunas").click()
    await page.wait_for_url(f"**{PLAN}/columns")

    viewer = await opened(f"{PLAN}/figures/shopee/advertising_share", role="viewer")
    reason = viewer.locator("main .note", has_text="Missing column")
    assert "Say which column it is." in await reason.inner_text()
    assert await reason.get_by_role("link").count() == 0


async def test_what_does_not_match_the_channels_own_total_is_amber(opened: Opener) -> None:
    page = await opened(PLAN)
    near, far = page.locator("#figures-mercado_livre .reconciled"), page.locator("#figures-shopee .reconciled")

    assert "Mercado Livre says R$ 305.500,00 (column “Total (BRL)”), we count R$ 305.430,50" in squeezed(
        await near.inner_text()
    )
    assert "(0.02%), over 1,790 rows." in squeezed(await near.inner_text())
    await near.locator("summary").click()
    assert "2000000007 61 120,00 50,50" in squeezed(await near.inner_text())
    assert "done" in str(await near.get_attribute("class"))
    assert "retry" in str(await far.get_attribute("class"))
    assert "Look at it before you rely on these figures." in await far.inner_text()


async def test_charts_have_a_name_and_a_table(opened: Opener) -> None:
    """What is drawn is named for who cannot see it, and stands in a table."""
    page = await opened(PLAN)
    chart = page.get_by_role("img", name="Revenue and net receipts of Mercado Livre by month")

    assert await chart.count() == 1
    assert await chart.locator(".bar-revenue").count() == 3
    assert await chart.locator(".bar-net").count() == 2
    assert await page.locator("#figures-mercado_livre-months tbody tr").count() == 3
    assert await page.locator("main [style]").count() == 0


async def test_an_opportunity_stands_with_its_evidence_and_tasks(opened: Opener) -> None:
    page = await opened(PLAN)
    card = page.locator("#opportunity-mercado_livre-1")
    told = squeezed(await card.inner_text())

    assert "R$ 18.432,90 a month" in told
    assert "What is done about it Phase 2 Refazer a tabela de medidas" in told
    await card.get_by_role("link", name="18.4%").click()
    await page.wait_for_url(f"**{MELI}/return_rate")

    page = await opened(f"/plans/{rows.EXECUTING}")
    assert "Completed Refazer tabela de medidas do Runner 42" in squeezed(
        await page.inner_text("#opportunity-mercado_livre-1")
    )


async def test_worth_stands_in_lists_and_on_tasks(opened: Opener) -> None:
    page = await opened("/plans?q=trimestre")
    row = page.locator("tr", has_text="Primeiro trimestre")
    assert "R$ 30.803,35" in squeezed(await row.inner_text())
    await page.goto(f"/tasks?plan={rows.EXECUTING}")
    served = page.locator("tr", has_text="Refazer tabela")
    assert "R$ 18.432,90" in squeezed(await served.inner_text())
    await served.get_by_role("link").click()
    assert "The opportunity behind it: Reduzir devoluções do tênis Runner 42 · R$ 18.432,90 a month" in squeezed(
        await page.inner_text("main")
    )


async def test_a_task_shows_all_of_its_opportunities(opened: Opener) -> None:
    """Each with its channel and worth, and what they are worth together as far as it is known."""
    page = await opened(f"/tasks/{rows.uid(rows.EXECUTING, 'task', 4)}", locale="pt-BR")
    assert squeezed(await page.inner_text(".serving")) == (
        "As oportunidades por trás dela"
        " Shopee Rever cupom do vendedor acima de 15% · R$ 2.210,00 por mês"
        " Mercado Livre Migrar anúncios de baixa margem de Premium para Clássico · R$ 7.250,00 por mês"
        " Shopee Testar frete grátis só acima de R$ 79 · valor desconhecido"
        " Ao todo, até onde se sabe: R$ 9.460,00 por mês"
    )


async def test_channels_that_nobody_chose_are_analysed_by_one_press(opened: Opener, db: asyncpg.Connection) -> None:
    """It makes a plan of its own; a second press leads to the same one."""
    page = await opened(PLAN, locale="pt-BR", java_script_enabled=False)
    told = page.locator("#not-chosen")
    assert "Amazon: 31 linhas de vendas, USD 1.234,50" in squeezed(await told.inner_text())
    assert "retry" in str(await told.get_attribute("class")), "amber, as what a person has to look at"
    for _ in range(2):
        await page.goto(PLAN)
        await page.click("[data-analyse-too]")
        await page.wait_for_load_state()
    made = await db.fetch(
        "select plan_id, channels from decide.document where sha256 = $1 and plan_id <> $2",
        rows.FIGURES.hex * 2,
        rows.FIGURES,
    )

    assert [row["channels"] for row in made] == [["amazon"]]
    assert page.url.endswith(f"/plans/{made[0]['plan_id']}")
    assert "já foram analisados" in await page.inner_text("main")
    viewer = await opened(PLAN, role="viewer")
    assert await viewer.locator("[data-analyse-too]").count() == 0
    assert await viewer.locator("#not-chosen").count() == 1


async def test_columns_are_told_with_what_they_were_taken_for(opened: Opener) -> None:
    page = await opened(PLAN, locale="pt-BR")
    await page.click("#columns-1 summary")
    told = squeezed(await page.inner_text("#reading"))

    assert "1 coluna foi lida sem certeza." in told
    assert "Receita por produtos (BRL) valor da venda 92% o nome 129,90; 89,00" in told
    assert "Receita por envio frete pago pelo vendedor 55% o conteúdo -12,00" in told
    assert "Comprador não usada" in told
    assert "estoque" in told
    assert "mercado_livre.vendas" not in told


@pytest.mark.parametrize("language", ["en-US", "pt-BR"])
async def test_nothing_scrolls_sideways(opened: Opener, language: str) -> None:
    """On a phone, a small screen and a desk; with all that can be opened open."""
    page = await opened(PLAN, locale=language)
    for path in (
        PLAN,
        f"{MELI}/revenue",
        f"{PLAN}/figures/shopee/fees",
        f"/plans/{rows.EXECUTING}",
        "/plans",
        "/tasks",
    ):
        await page.goto(path)
        await page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => { d.open = true; })")
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


async def test_a_figure_that_nobody_knows_is_not_found(opened: Opener) -> None:
    page = await opened(f"{MELI}/nothing_like_this")
    assert await page.locator("h1").count() == 1
    for path in (f"{PLAN}/figures/magalu/revenue", f"/plans/{rows.REJECTED}/figures/americanas/revenue"):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 404
