"""What the reader remarks on the columns of amounts, as it writes it and in English, and on costs and advertising."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_COLUMNS: Final[Mapping[str, str]] = {
    "“{}” é paga pelo comprador, como o nome diz: não é tarifa sua.": (
        "“{}” is paid by the buyer, as its name says: it is no fee of yours."
    ),
    "“{}” está em “{}”, paga pelo comprador: não é tarifa sua.": (
        "“{}” is in “{}”, paid by the buyer: it is no fee of yours."
    ),
    "“{}” estava em “{}”, paga pelo comprador: foi tirada da receita, {:sum} ao todo, e não é tarifa sua.": (
        "“{}” was in “{}”, paid by the buyer: it was taken out of the revenue, {} in all, and is no fee of yours."
    ),
    "As tarifas são desconhecidas: nada na tabela mostra quem paga “{}” ({:sum} ao todo). Se é o comprador, tire essa "
    "coluna em “Ver as colunas”; se é você, escreva isso no nome dela (“paga pelo vendedor”) e envie de novo.": (
        "The fees are unknown: nothing in the table shows who pays “{}” ({} in all). If it is the buyer, take that "
        "column away in “Look at the columns”; if it is you, say so in its name (“paid by the seller”) and upload it "
        "again."
    ),
    "“{}” foi lida como o valor total da linha, e não como o preço de uma unidade: {:shown}. Se não é, diga isso em "
    "“Ver as colunas”.": (
        "“{}” was read as the total of the row, and not as the price of a unit: {}. If it is not, say so in “Look at "
        "the columns”."
    ),
    "“{}” foi lida como o preço de uma unidade, e não como o valor total da linha: {:shown}. Se não é, diga isso em "
    "“Ver as colunas”.": (
        "“{}” was read as the price of a unit, and not as the total of the row: {}. If it is not, say so in “Look at "
        "the columns”."
    ),
    "Nada na tabela mostra se “{}” é o preço de uma unidade ou o valor total da linha: foi lida como total, por "
    "suposição. Se é o preço, diga isso em “Ver as colunas”.": (
        "Nothing in the table shows whether “{}” is the price of a unit or the total of the row: it is assumed to be "
        "the total. If it is the price, say so in “Look at the columns”."
    ),
    "Nada na tabela mostra se “{}” é o preço de uma unidade ou o valor total da linha: foi lida como preço, por "
    "suposição, e a receita é ele vezes as unidades. Se é o total, diga isso em “Ver as colunas”.": (
        "Nothing in the table shows whether “{}” is the price of a unit or the total of the row: it is assumed to be "
        "the price, and the revenue is it times the units. If it is the total, say so in “Look at the columns”."
    ),
    "“{}” foi lida como o valor total da linha, como o nome diz, mas de um mesmo produto não cresce com as unidades. "
    "Se é o preço de uma unidade, diga isso em “Ver as colunas”.": (
        "“{}” was read as the total of the row, as its name says, but of one product it does not grow with the units. "
        "If it is the price of a unit, say so in “Look at the columns”."
    ),
    "“{}” foi lida como o custo de uma unidade: {:costed_by}.": "“{}” was read as the cost of a unit: {}.",
    "“{}” foi lida como o custo de todas as unidades da linha: {:costed_by}.": (
        "“{}” was read as the cost of all units of the row: {}."
    ),
    "“{}” não foi usada: nada na tabela mostra se é o custo de uma unidade ou de toda a linha. Se é de uma unidade, "
    "diga isso em “Ver as colunas”.": (
        "“{}” was not used: nothing in the table shows whether it is the cost of a unit or of the whole row. If it is "
        "of a unit, say so in “Look at the columns”."
    ),
    "Todos os valores são números inteiros, também as tarifas: podem ser centavos, como a API do Stripe os escreve. "
    "Se são, escreva “(centavos)” depois do nome das colunas de valores e envie de novo; se não são, diga em “Ver as "
    "colunas” o que é cada coluna.": (
        "All amounts are whole numbers, the fees, too: they may be cents, as Stripe's API writes them. If they are, "
        "write “(centavos)” after the names of the columns of amounts and upload the file again; if not, say in “Look "
        "at the columns” what each column is."
    ),
    "Os valores estão na menor unidade da moeda (centavos), como a API do Stripe os escreve.": (
        "Amounts are in the smallest unit of the currency (cents), as Stripe's API writes them."
    ),
    "Pagamentos que falharam, foram bloqueados ou não foram capturados não são vendas.": (
        "Payments that failed, were blocked or were not captured are no sales."
    ),
    "{} linha(s) são pedidos de teste (“{}”) e não foram contadas.": (
        "{} row(s) are orders of a test (“{}”) and were not counted."
    ),
    "“{}” foi lida como o custo dos produtos vendidos: é “{}” vezes as unidades.": (
        "“{}” was read as the cost of the goods sold: it is “{}” times the units."
    ),
    "“{}” foi lida como o custo dos produtos vendidos: a receita menos ela é “{}”.": (
        "“{}” was read as the cost of the goods sold: the revenue less it is “{}”."
    ),
    "A receita é “{}” mais “{}”, {:sum} ao todo: foi pago com vale ou crédito da loja, e as duas somam “{}”.": (
        "The revenue is “{}” plus “{}”, {} in all: it was paid with a gift card or a credit of the shop, and both add "
        "up to “{}”."
    ),
    "“{}” não foi usada: nada na tabela confirma que é o custo dos produtos, e não outra despesa. Informe o custo de "
    "cada SKU em Custos e envie as vendas de novo.": (
        "“{}” was not used: nothing in the table confirms that it is the cost of the goods, and no other expense. Tell "
        "the cost of each SKU on Costs, and upload the sales again."
    ),
    "A coluna “{}” tem valores com centavos, e nada confirma que são quantidades: as unidades não foram contadas. Se "
    "são quantidades, diga isso em “Ver as colunas”.": (
        "The column “{}” has amounts with cents, and nothing confirms that they are quantities: the units were not "
        "counted. If they are quantities, say so in “Look at the columns”."
    ),
    "{} colunas se chamam “{}” e trazem valores diferentes: nenhuma foi usada como {:field}. Diga em “Ver as colunas” "
    "qual delas vale.": (
        "{} columns are called “{}” and have different values: none was used as {}. Say in “Look at the columns” which "
        "of them is right."
    ),
    "{} colunas se chamam “{}” e trazem valores diferentes: como {:field} foi usada “{}”. Se é outra, diga em “Ver as "
    "colunas”.": (
        "{} columns are called “{}” and have different values: as {}, “{}” was used. If it is another one, say so in "
        "“Look at the columns”."
    ),
    "“{}” tem valores em {}, e a venda está em {}: {} valor(es) dessa coluna não foram usados.": (
        "“{}” has amounts in {}, and the sale is in {}: {} amount(s) of this column were not used."
    ),
    "“{}” tem valores em {}, e o custo está em {}: {} valor(es) dessa coluna não foram usados.": (
        "“{}” has amounts in {}, and the cost is in {}: {} amount(s) of this column were not used."
    ),
    "Colunas em outra moeda não foram usadas ({}): os números são em {}.": (
        "Columns in another currency were not used ({}): the figures are in {}."
    ),
    "a tabela diz que os valores são em {}: a moeda informada ({}) não foi usada.": (
        "the table says that the amounts are in {}: the currency that was told ({}) was not used."
    ),
    "A receita é a coluna “{}”, que contém os impostos (“{}”, {:sum} nas vendas): sem eles, são {:sum} (“{}”). Se quer "
    "a receita sem impostos, diga em “Ver as colunas” que essa é o valor total.": (
        "The revenue is the column “{}”, which contains the taxes (“{}”, {} on sales): without them it is {} (“{}”). "
        "If you want the revenue without taxes, say in “Look at the columns” that this one is the total."
    ),
    "“{}” só tem 0 e 1, e a maioria das {} linhas com 1 tem mais de uma unidade: foi lida como sim e não, e voltaram "
    "todas as unidades dessas linhas. Se só voltou uma de cada, diga isso em “Ver as colunas”.": (
        "“{}” has only 0 and 1, and most of the {} rows with 1 have more than one unit: it was read as yes and no, and "
        "all units of those rows came back. If only one of each came back, say so in “Look at the columns”."
    ),
    "O total do pedido se repete em cada linha dele; foi contado uma vez só.": (
        "The order's total stands in each of its rows again; it was counted only once."
    ),
    "“{}” ({:sum} ao todo) foi lida como frete pago por você; o nome não diz quem paga. Se quem paga é o "
    "comprador, tire essa coluna em “Ver as colunas”: o que sobra é mais na mesma medida.": (
        "“{}” ({} in all) was read as shipping that you paid; its name does not say who pays. If the buyer pays, take "
        "that column away in “Look at the columns”: what is left is more by as much."
    ),
    "“{}” estava em “{}”, pago pelo comprador: foi tirado da receita, {:sum} ao todo, e não é custo seu.": (
        "“{}” was in “{}”, paid by the buyer: it was taken out of the revenue, {} in all, and is no cost of yours."
    ),
    "Neste formato “{}” contém o frete que o comprador pagou: “{}” foi tirado da receita, {:sum} ao todo, e não é "
    "custo seu.": (
        "In this format “{}” contains the freight that the buyer paid: “{}” was taken out of the revenue, {} in all, "
        "and is no cost of yours."
    ),
    "A receita é desconhecida: neste formato “{}” contém o frete que o comprador pagou, e nem com “{}” nem sem ele os "
    "valores dos produtos dão esse total.": (
        "The revenue is unknown: in this format “{}” contains the freight that the buyer paid, and neither with “{}” "
        "nor without it do the amounts of the products come to that total."
    ),
    "A receita é desconhecida: “{}” não é a soma dos produtos menos o desconto. Neste formato ele contém o frete que o "
    "comprador pagou, e nenhuma coluna diz quanto foi. Exporte o pedido com o frete.": (
        "The revenue is unknown: “{}” is not the sum of the products less the discount. In this format it contains the "
        "freight that the buyer paid, and no column says how much that was. Export the orders with their freight."
    ),
    "Neste formato “{}” contém o frete que o comprador pagou, e nenhuma coluna diz quanto foi: se houve frete, a "
    "receita é menos na mesma medida.": (
        "In this format “{}” contains the freight that the buyer paid, and no column says how much that was: if there "
        "was freight, the revenue is less by as much."
    ),
    "“{}” está no total, pago pelo comprador: não é custo seu.": (
        "“{}” is in the total, paid by the buyer: it is no cost of yours."
    ),
    "As tarifas são a soma de {}.": "The fees are the sum of {}.",
    "O frete é “{}” menos “{}”, que é o que se recebeu por ele.": (
        "The shipping is “{}” less “{}”, which is what was received for it."
    ),
    "{} linha(s) não têm valor em “{}”: contam com o preço vezes as unidades.": (
        "{} row(s) have no amount in “{}”: they count with the price times the units."
    ),
    "A coluna “{}” é a parte do preço que foi desconto: {:sum} ao todo foram tirados do preço vezes as unidades.": (
        "The column “{}” is the part of the price that was a discount: {} in all were taken off the price times the "
        "units."
    ),
    "A coluna “{}” mostra que {:revenue} ainda contém o desconto: ele foi tirado da receita, {:sum} ao todo.": (
        "The column “{}” shows that {} still has the discount in it: it was taken off the revenue, {} in all."
    ),
    "A receita é {:revenue}, e nada na tabela mostra se o desconto (coluna “{}”, {:sum} ao todo) já foi tirado dela: "
    "se não foi, ela é de {:sum}, e o que sobra é menos na mesma medida. A parte do preço que foi desconto não foi "
    "calculada.": (
        "The revenue is {}, and nothing in the table shows whether the discount (column “{}”, {} in all) was taken off "
        "it already: if it was not, the revenue is {}, and what is left is less by as much. The part of the price that "
        "was discount was not computed."
    ),
    "A coluna da receita já descontava os reembolsos, {:sum} ao todo: eles são contados à parte.": (
        "The column of revenue was without the refunds already, {} in all: they are counted apart."
    ),
    "A coluna “{}” parece trazer reembolsos e não foi entendida: o que foi devolvido em dinheiro é desconhecido. Se "
    "são, diga em “Ver as colunas”.": (
        "The column “{}” seems to have refunds and was not understood: what was paid back is unknown. If it has, "
        "say so in “Look at the columns”."
    ),
}
#: What is told of costs, stock and advertising that were read to be joined with sales.
_GOODS: Final[Mapping[str, str]] = {
    "{:costed}: usados para calcular a margem das vendas por SKU.": "{}: used to compute the margin of sales by SKU.",
    "{:stocked}: usados para calcular por quantos dias ele dura.": "{}: used to compute how many days it lasts.",
    "{:costless}: {}{:more}.": "{}: {}{}.",
    "Mais {:left} de fora.": "{} left out.",
    "Linha(s) {}{:more} {:why}: {:changed} nada.": "Row(s) {}{} {}: {} nothing.",
    "Publicidade de {}, {:days}: {} {}. É usada na próxima análise das vendas desse canal nesses dias.": (
        "Advertising of {}, {}: {} {}. It is used in the next analysis of this channel's sales in these days."
    ),
    "O relatório de publicidade não foi guardado: {:why_not}.": "The report of advertising was not kept: {}.",
}
#: What is told of a channel's figures.
_FIGURES: Final[Mapping[str, str]] = {
    "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).": (
        "The document does not say the currency; by its language and columns the amounts were read as reais (R$)."
    ),
    "O documento não diz a moeda; pelo formato, que só existe em um país, os valores foram lidos como {}.": (
        "The document does not say the currency; by its form, which one country alone has, the amounts were read as {}."
    ),
    "O documento não diz a moeda; quem o enviou disse que os valores são em {}.": (
        "The document does not say the currency; whoever uploaded it said that the amounts are in {}."
    ),
    "O documento não diz a moeda: os valores aparecem sem ela e nenhum ganho em reais foi calculado.": (
        "The document does not say the currency: amounts are shown without one, and no gain in reais was computed."
    ),
    "{} linha(s) em {} ficaram de fora: os números são só das vendas em {}.": (
        "{} row(s) in {} were left out: the figures are of the sales in {} only."
    ),
    "{} linha(s) ficaram de fora: a coluna “{}” diz outra moeda ({}). Os números são só das linhas em “{}”, que não "
    "foi reconhecida como moeda de um país.": (
        "{} row(s) were left out: the column “{}” says another currency ({}). The figures are of the rows in “{}” "
        "only, which is not known as a country's currency."
    ),
    "{} linha(s) em {} ficaram de fora: as outras não dizem a moeda.": (
        "{} row(s) in {} were left out: the others do not say the currency."
    ),
    "{} linha(s) repetem vendas que outra tabela do documento já traz: cada venda foi contada uma vez.": (
        "{} row(s) repeat sales that another table of the document has already: each sale was counted once."
    ),
    "{:apart}: podem ser um resumo. {:alone}": "{}: they may be a summary. {}",
    "Se são outras vendas, envie essa tabela em um arquivo só dela.": (
        "If they are other sales, upload that table in a file of its own."
    ),
    "A coluna “{}” soma {:sum}, e as colunas de que ela se compõe somam {:sum}, mas em parte dos pedidos a mais e em "
    "outros a menos: as diferenças são {:sum}% dela. Linhas com as maiores diferenças: {}.": (
        "The column “{}” sums to {}, and the columns that it is made of sum to {}, but to more in some orders and to "
        "less in others: the differences are {}% of it. Rows with the largest differences: {}."
    ),
    "A coluna “{}” soma {:sum}, e as colunas de que ela se compõe somam {:sum}: {:sum} ({:sum}%) {:gap}. Linhas com as "
    "maiores diferenças: {}.": (
        "The column “{}” sums to {}, and the columns that it is made of sum to {}: {} ({}%) {}. Rows with the largest "
        "differences: {}."
    ),
    "O que sobra das vendas, e a margem que parte disso, não desconta {:lacking}: é o máximo que pode ser.": (
        "What is left of the sales, and the margin that comes of it, still contains {}: it is the most that it can be."
    ),
    "O estoque guardado foi contado longe dos dias deste documento ({}): não foi usado. Envie o estoque de perto do "
    "último dia das vendas.": (
        "The stock that is kept was counted far from the days of this document ({}): it was not used. Upload the stock "
        "of about the last day of the sales."
    ),
    "O documento de {} de {:days} é em {}, e este em {}: preços e vendas dos mesmos produtos não foram comparados.": (
        "The document of {} of {} is in {}, and this one in {}: prices and sales of the same products were not "
        "compared."
    ),
    "O documento de {} mais próximo vai de {:days} e tem {} dia(s) em comum com este: preços e vendas dos mesmos "
    "produtos não foram comparados. Envie o de {} dos mesmos dias.": (
        "The nearest document of {} goes from {} and has {} day(s) in common with this one: prices and sales of the "
        "same products were not compared. Upload that of {} of the same days."
    ),
}
_SPENT: Final[Mapping[str, str]] = {
    "Mais de uma tabela traz o custo de publicidade, com somas diferentes: não se sabe se uma contém a outra, e "
    "nenhuma foi usada.": (
        "More than one table has the cost of advertising, with different sums: nobody knows whether one contains the "
        "other, and none was used."
    ),
    "Há custo de publicidade sem data: não se sabe de que mês é, e o de nenhum mês foi calculado.": (
        "There is a cost of advertising without a date: nobody knows of which month it is, and no month's was computed."
    ),
    "O custo de publicidade está em outra moeda que as vendas, ou sem moeda: não foi usado.": (
        "The cost of advertising is in another currency than the sales, or in none: it was not used."
    ),
    "O custo de publicidade é por mês, e as vendas não cobrem {} por inteiro: nesses meses ele não foi usado. Envie um "
    "relatório por dia, ou as vendas do mês inteiro.": (
        "The cost of advertising is by month, and the sales do not cover {} in full: in these months it was not used. "
        "Upload a report by day, or the sales of the whole month."
    ),
    "O custo de publicidade não cobre todos os dias com vendas de {}: nesses meses ele é desconhecido.": (
        "The cost of advertising does not cover all days with sales of {}: in these months it is unknown."
    ),
    "Há mais de um relatório de publicidade guardado para os mesmos dias ({:reports}), e não se sabe se um contém o "
    "outro: nenhum foi usado. Apague um deles em “Custos e estoque”.": (
        "More than one report of advertising is kept for the same days ({}), and nobody knows whether one contains the "
        "other: none was used. Delete one of them in “Costs and stock”."
    ),
    "O relatório de publicidade {:reports} não cobre os mesmos dias que as vendas ({:days}): o custo não foi usado. "
    "Envie um relatório por dia, ou um desses dias.": (
        "The report of advertising {} does not cover the same days as the sales ({}): its cost was not used. Upload a "
        "report by day, or one of these days."
    ),
    "O relatório de publicidade {:reports} está em {}, e as vendas em {}: ele não foi usado.": (
        "The report of advertising {} is in {}, and the sales are in {}: it was not used."
    ),
    "O documento traz seu próprio custo de publicidade: o relatório guardado {:reports} não foi somado a ele.": (
        "The document has a cost of advertising of its own: the report {} that is kept was not added to it."
    ),
}
AMOUNTS: Final[Mapping[str, str]] = {**_COLUMNS, **_GOODS, **_FIGURES, **_SPENT}
