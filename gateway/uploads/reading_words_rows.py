"""What the reader remarks on rows, columns, days and amounts of sales, as it writes it and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Rows that count, and rows that do not.
_ROWS: Final[Mapping[str, str]] = {
    "“{}” diz que {} linha(s) voltaram: contam com todas as suas unidades.": (
        "“{}” says that {} row(s) came back: they count with all of their units."
    ),
    "“{}” diz por que {} linha(s) foram canceladas: elas não contam como venda.": (
        "“{}” says why {} row(s) were cancelled: they do not count as sales."
    ),
    "{} pedido(s) das vendas estão na lista de devoluções do documento: contam como devolvidos, e os outros não.": (
        "{} order(s) of the sales stand in the document's list of returns: they count as returned, the others do not."
    ),
    "{} pedido(s) das vendas estão na lista de cancelados do documento: não contam como venda.": (
        "{} order(s) of the sales stand in the document's list of cancelled ones: they count as no sales."
    ),
    "“{}” diz sim em {} linha(s): voltaram todas as unidades delas, e o valor inteiro foi reembolsado.": (
        "“{}” says yes in {} row(s): all units of them came back, and the whole amount was refunded."
    ),
    "As colunas {} estão em moedas diferentes ({}), e nada diz qual é a das vendas: nenhuma foi usada como {:field}. "
    "Diga a moeda ao enviar o documento, ou diga em “Ver as colunas” qual delas vale.": (
        "The columns {} are in different currencies ({}), and nothing tells which is that of the sales: none was used "
        "as {}. Say the currency when you upload the document, or say in “Look at the columns” which of them is right."
    ),
    "{} linha(s) têm unidades negativas e valor positivo, e nada diz se são devoluções: o valor e as unidades delas "
    "não foram contados.": (
        "{} row(s) have negative units and a positive amount, and nothing tells whether they are returns: their amount "
        "and units were not counted."
    ),
    "Os valores estão escritos com “{}”, que vários países usam: a moeda é desconhecida. Diga qual é ao enviar o "
    "documento, ou escreva o código (USD, INR) no cabeçalho.": (
        "The amounts are written with “{}”, which several countries use: the currency is unknown. Say which it is when "
        "you upload the document, or write its code (USD, INR) into the header."
    ),
    "Devoluções de {} ({} linhas com número de pedido): são usadas na próxima análise das vendas desse canal, pelo "
    "número do pedido e pelo SKU.": (
        "Returns of {} ({} rows with an order number): they are used in the next analysis of that channel's sales, by "
        "order number and SKU."
    ),
    "As devoluções de {} não foram guardadas para a próxima análise das vendas: são {} linhas, e o limite é {}. Envie "
    "um período menor.": (
        "The returns of {} were not kept for the next analysis of the sales: they are {} rows, and the limit is {}. "
        "Upload a shorter period."
    ),
    "{} de {} pedidos estão no documento de devoluções enviado em {}: os motivos foram lidos dele. Nenhuma taxa de "
    "devolução foi calculada por isso: não se sabe se ele traz todas as devoluções destes dias.": (
        "{} of {} orders stand in the document of returns that was uploaded on {}: the reasons were read from it. No "
        "rate of returns was computed from it: nobody knows whether it has all returns of these days."
    ),
    "{} de {} pedidos estão no documento de devoluções enviado em {}, que não diz os motivos. Nenhuma taxa de "
    "devolução foi calculada por isso: não se sabe se ele traz todas as devoluções destes dias.": (
        "{} of {} orders stand in the document of returns that was uploaded on {}, which does not tell the reasons. No "
        "rate of returns was computed from it: nobody knows whether it has all returns of these days."
    ),
    "De {} pedido(s) do documento de devoluções enviado em {} não se sabe qual item voltou: não foram usados.": (
        "Of {} order(s) in the document of returns that was uploaded on {} nobody knows which item came back: they "
        "were not used."
    ),
    "A tabela diz quanto foi vendido, e não por quanto: a receita é desconhecida. Envie uma exportação com o preço ou "
    "o valor de cada linha para calculá-la.": (
        "The table says how much was sold, and not for how much: the revenue is unknown. Upload an export with the "
        "price or the amount of each row to compute it."
    ),
    "A tabela diz quanto foi vendido, e não por quanto; outra tabela do documento traz os valores, e só ela foi "
    "contada.": (
        "The table says how much was sold, and not for how much; another table of the document has the amounts, and "
        "only that one was counted."
    ),
    "“{}” diz não em {} linha(s): elas não estão pagas.": "“{}” says no in {} row(s): they are not paid.",
    "{} linha(s) com unidades negativas e sem valor não foram contadas: são baixas de estoque, e não devoluções ({} "
    "unidades).": (
        "{} row(s) with units below zero and without an amount were not counted: they are stock that was written off, "
        "and no returns ({} units)."
    ),
    "{} linha(s) de total, média ou saldo não foram contadas como venda.": (
        "{} row(s) of totals, averages or balances were not counted as sales."
    ),
    "{} linha(s) sem valor nem quantidade não foram contadas.": (
        "{} row(s) without an amount and without units were not counted."
    ),
    "{} linha(s) não foram contadas como venda: a coluna “{}” diz que são previsões, metas ou orçamentos.": (
        "{} row(s) were not counted as sales: the column “{}” says that they are forecasts, targets or budgets."
    ),
    "{} linha(s) não foram contadas como venda: a coluna “{}” diz que são de outra natureza.": (
        "{} row(s) were not counted as sales: the column “{}” says that they are something else."
    ),
    "{} linha(s) sem data, sem produto e sem número de pedido não foram contadas como venda: podem ser totais. "
    "Confira-as no documento (linha {}).": (
        "{} row(s) without a date, a product and an order number were not counted as sales: they may be totals. Check "
        "them in the document (row {})."
    ),
    "{} linha(s) são de frete, e não de produtos: não foram contadas como venda.": (
        "{} row(s) are of shipping and not of products: they were not counted as sales."
    ),
    "{} linha(s) com valor negativo foram tiradas da receita, sem contar unidades: nada diz que são devoluções.": (
        "{} row(s) with a negative amount were taken from the revenue, without counting units: nothing says that they "
        "are returns."
    ),
    "{} linha(s) são devoluções: contam como reembolso e unidades devolvidas, e não como venda.": (
        "{} row(s) are returns: they count as refunds and units returned, and not as sales."
    ),
    "Mais da metade dos valores é negativa, e os outros são positivos: parece um extrato, e não são só vendas. A "
    "receita é desconhecida.": (
        "More than half of the amounts are negative, and the others are positive: it looks like a statement, and not "
        "like sales alone. The revenue is unknown."
    ),
    "As unidades e os valores são negativos: nada mostra se são saídas de estoque, isto é, vendas, ou devoluções. A "
    "receita e as unidades são desconhecidas. Se são vendas, escreva as unidades sem o sinal e envie de novo.": (
        "Units and amounts are negative: nothing shows whether these are goods that left the stock, that is sales, or "
        "returns. Revenue and units are unknown. If they are sales, write the units without the sign and upload again."
    ),
    "{} linha(s) repetem outra em todas as colunas, também no número do pedido: cada venda foi contada uma vez{:worth}"
    ".": ("{} row(s) repeat another one in all columns, in the order number, too: each sale was counted once{}."),
    "{} linha(s) repetem um item do mesmo pedido e só mudam em “{}”: são do mesmo comprador, que tem mais de um "
    "desses dados, e cada venda foi contada uma vez.": (
        "{} row(s) repeat an item of the same order and differ in “{}” alone: they are of the same buyer, who has more "
        "than one of these, and each sale was counted once."
    ),
    "{} linha(s) são iguais em todas as colunas a outra do mesmo pedido, e foram contadas, porque podem ser peças "
    "iguais{:worth}. Se são repetições, tire-as do arquivo e envie-o de novo.": (
        "{} row(s) are the same in all columns as another one of their order, and were counted, because they may be "
        "pieces that are alike{}. If they are copies, take them out of the file and upload it again."
    ),
    "{} linha(s) são o resumo de pedidos cujos itens estão em outras linhas: foram contados os itens.": (
        "{} row(s) sum up orders whose items are in other rows: the items were counted."
    ),
    "Há uma linha por tarifa (coluna “{}”), e cada uma repete a venda: {} linha(s) repetidas não foram contadas, e as "
    "tarifas de cada venda foram somadas{:charged}.": (
        "There is one row a fee (column “{}”), and each repeats the sale: {} repeated row(s) were not counted, and the "
        "fees of each sale were summed{}."
    ),
    "Há uma linha por parcela (coluna “{}”), e cada uma repete a venda inteira: {} linha(s) repetidas não foram "
    "contadas.": (
        "There is one row an instalment (column “{}”), and each repeats the whole sale: {} repeated row(s) were not "
        "counted."
    ),
    "Há uma linha por parcela (coluna “{}”), com o valor dela: as parcelas de cada venda foram somadas, e as unidades "
    "contadas uma vez ({} linha(s) a mais).": (
        "There is one row an instalment (column “{}”), with its amount: the instalments of each sale were summed, and "
        "the units counted once ({} row(s) more)."
    ),
    "{} venda(s) têm só parte das parcelas no documento: o valor delas não é conhecido.": (
        "{} sale(s) have only part of their instalments in the document: their amount is unknown."
    ),
    "Há uma linha por parcela (coluna “{}”), e nada diz se o valor é da venda inteira ou da parcela: a receita não "
    "foi calculada.": (
        "There is one row an instalment (column “{}”), and nothing says whether the amount is that of the whole sale "
        "or of the instalment: the revenue was not computed."
    ),
    "Há uma linha por pagamento (coluna “{}”), e cada uma repete a venda inteira: {} linha(s) repetidas não foram "
    "contadas.": (
        "There is a row for each payment (column “{}”), and each repeats the whole sale: {} repeated row(s) were not "
        "counted."
    ),
    "Há uma linha por pacote (coluna “{}”), e cada uma repete o pedido inteiro: {} linha(s) repetidas não foram "
    "contadas.": (
        "There is a row for each parcel (column “{}”), and each repeats the whole order: {} repeated row(s) were not "
        "counted."
    ),
    "Há linhas do mesmo pedido que só diferem no pacote (coluna “{}”), e nada diz se cada uma repete o valor do "
    "pedido ou traz uma parte dele: a receita não foi calculada. Deixe uma linha por pedido, ou ponha no nome da "
    "coluna que o total é do pedido.": (
        "There are rows of one order that differ in the parcel alone (column “{}”), and nothing tells whether each "
        "repeats the order's amount or has a part of it: the revenue was not computed. Leave one row an order, or say "
        "in the column's name that the total is the order's."
    ),
    "{} linha(s) só diferem de outra do mesmo pedido no pacote (coluna “{}”): foram contadas, porque podem ser peças "
    "iguais. Se repetem a mesma venda, a receita é {} menor; deixe uma linha por venda.": (
        "{} row(s) differ from another of the same order in the parcel alone (column “{}”): they were counted, since "
        "they may be equal pieces. If they repeat the same sale, the revenue is {} less; leave one row a sale."
    ),
    "{} pedido(s) têm pacotes entregues e outros cancelados ou devolvidos (coluna “{}”): quanto deles foi vendido não "
    "é conhecido, e o valor deles não foi contado.": (
        "{} order(s) have parcels that were delivered and others that were cancelled or returned (column “{}”): how "
        "much of them was sold is unknown, and their amount was not counted."
    ),
    "As unidades se repetem em cada pacote do pedido (coluna “{}”), e nada diz se são do pedido ou do pacote: não "
    "foram contadas.": (
        "The units are repeated for each parcel of the order (column “{}”), and nothing tells whether they are the "
        "order's or the parcel's: they were not counted."
    ),
    "{} linha(s) repetem um item do mesmo pedido (coluna “{}”), como em um cruzamento com pagamentos ou avaliações: "
    "cada item foi contado uma vez.": (
        "{} row(s) repeat an item of the same order (column “{}”), as a join with payments or reviews does: each item "
        "was counted once."
    ),
    "Há linhas iguais que só diferem no pagamento (coluna “{}”), e nada diz se cada uma é uma venda ou parte do "
    "pagamento de uma: a receita não foi calculada. Deixe uma linha por venda, ou ponha em uma coluna quanto foi pago "
    "em cada linha.": (
        "There are rows that differ in the payment alone (column “{}”), and nothing tells whether each is a sale or a "
        "part of one's payment: the revenue was not computed. Keep one row for each sale, or put into a column how "
        "much was paid in each row."
    ),
    "{} linha(s) só diferem da linha acima no pagamento (coluna “{}”): foram contadas. Se são partes do mesmo "
    "pagamento, a receita é {:sum} menor; deixe uma linha por venda.": (
        "{} row(s) differ from the row above in the payment alone (column “{}”): they were counted. If they are parts "
        "of the same payment, the revenue is {} less; keep one row for each sale."
    ),
    "Há linhas de parcelas (coluna “{}”), e nenhuma coluna diz de qual pedido é cada uma: receita e unidades não "
    "foram calculadas.": (
        "There are rows of instalments (column “{}”), and no column says of which order each is: revenue and units "
        "were not computed."
    ),
    "{} linha(s) estão pendentes (coluna “{}”), e nada diz que foram pagas: elas não contam como venda (valor: "
    "{:amount}).": (
        "{} row(s) are pending (column “{}”), and nothing says that they were paid: they do not count as sales "
        "(amount: {})."
    ),
    "{} linha(s) têm na coluna “{}” uma situação que não é conhecida ({}): contam como vendidas. Se não foram "
    "vendidas, tire-as do arquivo e envie-o de novo.": (
        "{} row(s) have a status in column “{}” that is not known ({}): they count as sold. If they were not sold, "
        "remove them from the file and send it again."
    ),
    "Nenhum texto da coluna “{}” diz o que foi feito do pedido: cancelamentos e devoluções são desconhecidos.": (
        "No text of the column “{}” says what became of the order: cancellations and returns are unknown."
    ),
    "{} linha(s) foram devolvidas ou reembolsadas em parte, e nenhuma coluna diz quanto: não foi calculado "
    "({:fields}).": (
        "{} row(s) were returned or refunded in part, and no column says how much: it was not computed ({})."
    ),
    "Nenhuma coluna diz quantas unidades foram vendidas: cada linha foi contada como uma unidade, pelo seu preço.": (
        "No column says how many units were sold: each row was counted as one unit, at its price."
    ),
    "{} unidade(s) canceladas (“{}”) não contam como vendidas{:money}.": (
        "{} cancelled unit(s) (“{}”) do not count as sold{}."
    ),
    "{} linha(s) têm parte das unidades canceladas (“{}”), e nada diz se o valor ainda as contém: unidades e receita "
    "dessas linhas são desconhecidas.": (
        "{} row(s) have part of their units cancelled (“{}”), and nothing says whether the amount still has them: "
        "units and revenue of these rows are unknown."
    ),
}
#: Days and channels.
_WHEN: Final[Mapping[str, str]] = {
    "A coluna “{}” não diz o ano, nem o título ou o nome do arquivo: o período e o ritmo das vendas não foram "
    "calculados. Ponha o ano no nome do arquivo (vendas-2026.csv) ou em uma coluna “Ano”.": (
        "The column “{}” does not say the year, nor do the title and the file's name: the period and the pace of the "
        "sales were not computed. Put the year into the file's name (vendas-2026.csv) or into a column “Ano”."
    ),
    "A coluna “{}” não diz o ano: ele foi lido do título, da planilha ou do arquivo (as datas vão de {} a {}).": (
        "The column “{}” does not say the year: it was read from the title, the sheet or the file (the dates go "
        "from {} to {})."
    ),
    "A coluna “{}” diz só o mês, não o dia, e não está certo de que ano ele é, ou é um mês só: o período e o ritmo "
    "das vendas não foram calculados. Ponha o ano em cada mês (03/2026), na coluna “Ano” ou no nome do arquivo.": (
        "The column “{}” says only the month, not the day, and it is not certain of which year it is, or it is one "
        "month alone: the period and the pace of the sales were not computed. Put the year into each month (03/2026), "
        "into a column “Ano” or into the file's name."
    ),
    "A coluna “{}” diz só o dia: o mês ({}) foi lido do título, do nome da planilha ou do arquivo.": (
        "The column “{}” says only the day: the month ({}) was read from the title, the sheet's name or the file's."
    ),
    "A coluna “{}” não diz o ano: ele foi lido do título, da planilha ou do arquivo (os meses vão de {} a {}).": (
        "The column “{}” does not say the year: it was read from the title, the sheet or the file (the months go "
        "from {} to {})."
    ),
    "{} data(s) não podem ser de vendas, como {}, e não foram usadas: o período e o ritmo das vendas são calculados "
    "sem elas. Corrija-as no documento e envie-o de novo.": (
        "{} date(s) cannot be of sales, such as {}, and were not used: the period and the pace of sales are calculated "
        "without them. Correct them in the document and upload it again."
    ),
    "{} linha(s) não têm data: o dia delas não cabe no ano que o documento diz, ou cabe em dois.": (
        "{} row(s) have no date: their day does not fit the year that the document says, or it fits two."
    ),
    "A coluna “{}” não mostra se o dia ou o mês vem primeiro: {} data(s) não foram usadas. Escreva-as como "
    "2026-03-12.": (
        "The column “{}” does not show whether the day or the month comes first: {} date(s) were not used. Write them "
        "as 2026-03-12."
    ),
    "A coluna “{}” diz de cada linha se é entrada ou saída: só umas ou só as outras são vendas (de mercadorias, as "
    "saídas; de dinheiro, as entradas), e nada diz quais. Deixe no arquivo só as vendas e envie-o de novo.": (
        "The column “{}” says of each row whether it came in or went out: only the ones or only the others are sales "
        "(of goods, those that went out; of money, those that came in), and nothing says which. Leave only the sales "
        "in the file and upload it again."
    ),
    "{} linha(s) não dizem de qual canal são, e não foram contadas.": (
        "{} row(s) do not say of which channel they are, and were not counted."
    ),
    "Canal lido do nome do arquivo: {}.": "Channel read from the file's name: {}.",
    "Canal lido {:channel_from}: {}.": "Channel read {}: {}.",
    "A tabela não diz de qual canal é cada venda; envie um arquivo por canal ou inclua a coluna “Canal”.": (
        "The table does not say of which channel each sale is; upload one file a channel, or add a column “Canal”."
    ),
    "O canal destas vendas foi informado por uma pessoa: {}.": "A person said the channel of these sales: {}.",
    "O canal foi informado depois da leitura: a auditoria de tarifas, a publicidade do canal e a comparação com outros "
    "documentos não estão nestes números. Para tê-las, envie o arquivo outra vez e escolha só este canal.": (
        "The channel was said after the reading: the audit of fees, the channel's advertising and the comparison with "
        "other documents are not in these figures. To have them, upload the file again and choose this channel only."
    ),
}
ROWS: Final[Mapping[str, str]] = {**_ROWS, **_WHEN}
