"""What the reader remarks on any table, as it writes it and in English: its rows, columns, days and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What a table is that tells of no sales, or may tell of none.
KINDS: Final[Mapping[str, str]] = {
    "{} linha(s) abaixo do total (custos, tarifas, o que sobra) não foram contadas como venda, nem lidas como "
    "tarifas.": (
        "{} row(s) below the total (costs, fees, what is left) were neither counted as sales nor read as fees."
    ),
    "Há colunas de quem envia, de quem recebe e do frete, e nenhuma de produtos: parece o que uma transportadora "
    "cobrou, e não vendas. Se são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "There are columns of who sends, of who receives and of the freight, and none of products: it looks like what "
        "a carrier charged, and not like sales. If they are sales, say in “Look at the columns” what each column is."
    ),
    "O período, de {} a {}, foi lido das linhas de comentário acima da tabela.": (
        "The period, from {} to {}, was read from the comment lines above the table."
    ),
    "As linhas não têm data, e as linhas de comentário acima da tabela não dizem um período só: ele é desconhecido. "
    "Escreva nelas “# Start date: 20260301” e “# End date: 20260331”.": (
        "The rows have no date, and the comment lines above the table do not tell one period: it is unknown. Write “# "
        "Start date: 20260301” and “# End date: 20260331” into them."
    ),
    "{} colunas trazem números lado a lado (produtos, lojas, regiões ou meses nas colunas): parece uma tabela cruzada, "
    "e nada diz o que cada número é. Nenhum número foi calculado. Envie os dados em linhas, com uma coluna de produto, "
    "uma de data, uma de quantidade e uma de valor (a tabela de que esta foi feita).": (
        "{} columns have numbers side by side (products, shops, regions or months as columns): it looks like a pivot "
        "table, and nothing says what each number is. No figure was computed. Send the data in rows, with a column for "
        "the product, one for the date, one for the quantity and one for the amount (the table that this one was made "
        "of)."
    ),
    "A tabela lista pedidos, sem valores nem quantidades: não há receita nem unidades para calcular. Envie também a "
    "tabela dos itens desses pedidos, ou uma exportação com o valor de cada pedido.": (
        "The table lists orders, without amounts and quantities: there is no revenue and there are no units to "
        "compute. Send the table of these orders' items, too, or an export with the amount of each order."
    ),
    "A lista diz o dia e a situação dos pedidos cujos itens estão em outra tabela: foi juntada a eles.": (
        "The list tells the day and the state of the orders whose items are in another table: it was joined to them."
    ),
    "{} pedido(s) da lista não têm itens na outra tabela: nada deles entrou na receita. Se foram vendidos, envie "
    "também os itens deles.": (
        "{} order(s) of the list have no items in the other table: nothing of them is in the revenue. If they were "
        "sold, send their items, too."
    ),
    "{} linha(s) são de pedidos que a lista de pedidos não tem: o dia e a situação são desconhecidos.": (
        "{} row(s) are of orders that the list of orders lacks: their day and state are unknown."
    ),
    "O dia de cada venda é o da lista de pedidos, e não o da coluna de data dos itens.": (
        "The day of each sale is that of the list of orders, and not that of the items' column of dates."
    ),
    "“{}” traz valores, e nenhuma coluna diz de que produto, pedido, data ou canal eles são: nenhum número foi "
    "calculado. Se são vendas, envie a tabela com essas colunas, ou diga em “Ver as colunas” o que é cada uma.": (
        "“{}” has amounts, and no column says of which product, order, date or channel they are: no figure was "
        "computed. If they are sales, send the table with these columns, or say in “Look at the columns” what each of "
        "them is."
    ),
    "A tabela só tem palavras, sem valores, quantidades nem datas (uma legenda ou uma lista): nenhum número foi "
    "calculado dela. Se cada linha é uma venda, envie-a com essas colunas.": (
        "The table has only words, without amounts, quantities and dates (a legend or a list): no figure was computed "
        "from it. If each row is a sale, send it with these columns."
    ),
    "São os filtros ou os dados do relatório (período, loja, emissão): não traz vendas.": (
        "They are the report's filters or data (period, shop, when it was made): it has no sales."
    ),
    "São totais, sem as linhas de que são feitos: não foram somados às outras tabelas. Se há neles vendas que faltam "
    "nelas, envie essas linhas.": (
        "They are totals, without the rows that they are made of: they were not added to the other tables. If they "
        "have sales that are missing there, send these rows."
    ),
    "{} devoluções foram recusadas (“{}”) e não foram contadas: nada voltou.": (
        "{} returns were refused (“{}”) and were not counted: nothing came back."
    ),
    "O nome do arquivo fala de despesas, mas as linhas têm número de pedido e quantidade: foram contadas como "
    "vendas.": (
        "The file's name tells of expenses, but the rows have order numbers and quantities: they were counted as sales."
    ),
    "É uma tabela de estoque: não traz vendas, por isso nenhum número de vendas foi calculado dela.": (
        "It is a table of stock: it has no sales, so no figure of sales was computed from it."
    ),
    "É uma tabela de estoque: “{}” diz quantas unidades foram vendidas, e nada diz por quanto nem quando. Nenhum "
    "número de vendas foi calculado dela. Se são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "It is a table of stock: “{}” tells how many units were sold, and nothing tells for how much or when. No "
        "figure of sales was computed from it. If they are sales, say in “Look at the columns” what each column is."
    ),
    "É uma lista de preços: não traz vendas, por isso nenhum número de vendas foi calculado dela.": (
        "It is a list of prices: it has no sales, so no figure of sales was computed from it."
    ),
    "São só devoluções ou cancelamentos, não as vendas do canal: nenhum número de vendas foi calculado deles.": (
        "They are returns or cancellations alone, not the channel's sales: no figure of sales was computed from them."
    ),
    "É um relatório de anúncios: não traz pedidos, por isso nenhum número de vendas foi calculado dele.": (
        "It is a report of advertising: it has no orders, so no figure of sales was computed from it."
    ),
    "É um relatório de visitas: não traz pedidos, por isso nenhum número de vendas foi calculado dele.": (
        "It is a report of visits: it has no orders, so no figure of sales was computed from it."
    ),
    "É um extrato de conta: “{}” é o saldo depois de cada lançamento. Ele traz o que entrou na conta e saiu dela, e "
    "não as vendas: nenhum número foi calculado. Envie a exportação de pedidos do canal, ou o relatório de repasses "
    "que traz cada pedido.": (
        "It is a statement of an account: “{}” is the balance after each entry. It has what came into the account and "
        "left it, and not the sales: no figure was computed. Upload the channel's export of orders, or the report of "
        "payouts that has each order."
    ),
    "{} linha(s) não foram contadas como venda: entre vendas, “{}” as chama de outra coisa ({}).": (
        "{} row(s) were not counted as sales: among sales, “{}” calls them something else ({})."
    ),
    "“{}” e “{}” dizem de quando a quando cada linha é: o dia de cada venda não é conhecido.": (
        "“{}” and “{}” say from when to when each row is: the day of each sale is not known."
    ),
    "São lançamentos de uma conta ou de um caixa (“{}”): trazem o que entrou e o que saiu, e nada diz quanto disso são "
    "vendas. Nenhum número foi calculado. Envie a exportação de pedidos do canal, ou o relatório de repasses que traz "
    "cada pedido.": (
        "They are entries of an account or of a till (“{}”): they have what came in and what went out, and nothing "
        "says how much of it is sales. No figure was computed. Upload the channel's export of orders, or the report of "
        "payouts that has each order."
    ),
    "São repasses somados, sem pedidos nem produtos: nenhum número de vendas foi calculado deles. Envie o relatório "
    "que traz cada pedido do repasse.": (
        "They are payouts added up, without orders or products: no figure of sales was computed from them. Upload the "
        "report that has each order of the payout."
    ),
    "É uma tabela de custos: não traz vendas, por isso nenhum número de vendas foi calculado dela.": (
        "It is a table of costs: it has no sales, so no figure of sales was computed from it."
    ),
    "O CFOP de todas as linhas (coluna “{}”) é de entrada ({}): parecem compras, ou devoluções, e não vendas. Se são "
    "vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "The CFOP of all rows (column “{}”) is of what comes in ({}): they look like purchases, or returns, and not "
        "like sales. If they are sales, say in “Look at the columns” what each column is."
    ),
    "É o nome que diz isso. Se são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "The name says so. If they are sales, say in “Look at the columns” what each column is."
    ),
    "O nome do arquivo fala de compras ou despesas. Se as linhas são vendas, diga em “Ver as colunas” o que é cada "
    "coluna.": (
        "The file's name tells of purchases or expenses. If the rows are sales, say in “Look at the columns” what each "
        "column is."
    ),
    "O nome fala também de vendas canceladas ou devolvidas, e nenhuma coluna diz quais são: todas as linhas foram "
    "contadas como vendas. Se há canceladas entre elas, envie o relatório com a situação de cada pedido.": (
        "The name tells of cancelled or returned sales, too, and no column says which they are: all rows were counted "
        "as sales. If there are cancelled ones among them, upload the report with the status of each order."
    ),
    "São carrinhos abandonados, que ninguém pagou: nenhum número de vendas foi calculado deles.": (
        "They are abandoned carts, which nobody paid: no figure of sales was computed from them."
    ),
    "O nome da tabela ou de uma coluna fala de carrinhos abandonados, e não está claro quais linhas são vendas. Se "
    "todas são, diga em “Ver as colunas” o que é cada coluna.": (
        "The name of the table or of a column tells of abandoned carts, and it is not clear which rows are sales. If "
        "all are, say in “Look at the columns” what each column is."
    ),
    "Cada coluna é um mês, e nada diz se os números são valores ou quantidades: diga o que é “Valor ou quantidade?”.": (
        "Each column is a month, and nothing says whether the numbers are amounts or units: say what “Valor ou "
        "quantidade?” (amount or units) is."
    ),
    "Os nomes das colunas não combinam com o que há embaixo deles ({} coluna(s); “{}”, por exemplo, tem {:cells}). As "
    "células podem estar uma coluna ao lado do cabeçalho: nenhum número foi calculado. Corrija o arquivo, ou diga em "
    "“Ver as colunas” o que é cada coluna.": (
        "The columns' names do not fit what stands below them ({} column(s); “{}”, for example, has {}). The cells may "
        "stand one column beside the header: no figure was computed. Correct the file, or say in “Look at the columns” "
        "what each column is."
    ),
    "A tabela tem só o cabeçalho, sem nenhuma linha: nenhum número foi calculado dela.": (
        "The table has only its header, without any row: no figure was computed from it."
    ),
    "Este formato é conhecido só pela documentação, não por um arquivo de verdade: confira se as colunas e as somas "
    "são as do canal.": (
        "This format is known from its documentation alone, not from a real file: check that the columns and the sums "
        "are the channel's."
    ),
    "Os motivos foram lidos: são mostrados por causa, com os produtos que mais voltam.": (
        "The reasons were read: they are shown by cause, with the products that come back most."
    ),
    "O custo de publicidade foi lido: é mostrado com as vendas do mesmo canal, nos dias em que cabe.": (
        "The cost of advertising was read: it is shown with the sales of the same channel, in the days that it fits."
    ),
    "O custo de publicidade foi lido, mas a tabela não diz de que dias ele é.": (
        "The cost of advertising was read, but the table does not say of which days it is."
    ),
    "Não está claro qual coluna traz o custo de publicidade, ou um valor dela não foi entendido, ou linhas de "
    "palavras-chave estão somadas a outras: ele não foi usado.": (
        "It is not clear which column has the cost of advertising, or an amount of it was not understood, or rows of "
        "keywords are added to others: it was not used."
    ),
    "só há devoluções, cancelamentos e reclamações ({} linhas), e não todas as vendas: nenhuma taxa ou soma de vendas "
    "foi calculada. Envie o relatório com todas as vendas do período.": (
        "there are only returns, cancellations and claims ({} rows), and not all sales: no rate or sum of sales was "
        "computed. Upload the report with all sales of the period."
    ),
    "todos os valores são negativos ({} linhas): podem ser devoluções ou despesas, e não são contados como vendas. "
    "Envie o relatório com todas as vendas do período.": (
        "all amounts are below zero ({} rows): they may be returns or expenses, and do not count as sales. Upload the "
        "report with all sales of the period."
    ),
    "quase só há pedidos não pagos ou pendentes ({} linhas), e não todas as vendas: nenhuma taxa ou soma de vendas foi "
    "calculada. Envie o relatório com todas as vendas do período.": (
        "there are almost only orders that are not paid or are pending ({} rows), and not all sales: no rate or sum of "
        "sales was computed. Upload the report with all sales of the period."
    ),
}
#: What was read in part.
WHOLE: Final[Mapping[str, str]] = {
    "O texto é longo; só o começo foi lido.": "The text is long; only its beginning was read.",
    "Só as primeiras {} de {} páginas foram lidas; se há vendas nas outras, elas não foram contadas.": (
        "Only the first {} of {} pages were read; if there are sales on the others, they were not counted."
    ),
    "{} de {} página(s) não puderam ser lidas por completo ({}): se há tabelas nelas, não foram contadas. Envie a "
    "exportação em XLSX ou CSV, ou salve o PDF de novo.": (
        "{} of {} page(s) could not be read in full ({}): if there are tables on them, they were not counted. Upload "
        "the export as XLSX or CSV, or save the PDF again."
    ),
    "{} de {} página(s) são imagens sem texto ({}) e não foram lidas; se nelas há vendas, envie a exportação em XLSX "
    "ou CSV.": (
        "{} of {} page(s) are pictures without text ({}) and were not read; if there are sales on them, upload the "
        "export as XLSX or CSV."
    ),
    "páginas do documento não foram lidas, e as linhas podem continuar nelas: não foram somadas.": (
        "pages of the document were not read, and the rows may go on there: they were not summed."
    ),
    "o texto é longo e só o começo foi lido, e as linhas podem continuar: não foram somadas.": (
        "the text is long and only its beginning was read, and the rows may go on: they were not summed."
    ),
    "a tabela{:same} pode continuar na página {}, que não foi lida: por isso não foi somada.": (
        "the table{} may go on on page {}, which was not read: so it was not summed."
    ),
    "as páginas ou o texto não foram lidos por inteiro, e a lista de custos ou de estoque pode continuar: nada dela "
    "foi guardado. Envie-a em XLSX ou CSV.": (
        "the pages or the text were not read in full, and the list of costs or stock may go on: nothing of it was "
        "kept. Upload it as XLSX or CSV."
    ),
    "pelo texto acima dela, a tabela mostra só uma parte das vendas: não foi somada como total do canal.": (
        "by the text above it, the table shows only a part of the sales: it was not summed as the channel's total."
    ),
    "outra tabela do documento traz a mesma receita, com mais detalhes: esta não foi somada outra vez.": (
        "another table of the document tells the same revenue, with more details: this one was not added once more."
    ),
    "outra tabela do documento tem todas as linhas desta, e mais: esta é uma parte dela, e não foi somada outra vez.": (
        "another table of the document has all rows of this one, and more: this is a part of it, and was not added up "
        "again."
    ),
    "outra tabela do documento traz cada venda, e esta só somas, sem dia, que podem ser de uma parte delas: não foi "
    "somada. Se são outras vendas, envie essa tabela em um arquivo só dela.": (
        "another table of the document tells each sale, and this one only sums, without a day, that may be of a part "
        "of them: it was not added. If they are other sales, send this table in a file of its own."
    ),
    "o texto tem uma tabela sem nomes de colunas, com tantas colunas quanto ela (ou uma a mais ou a menos), que pode "
    "ser a sua continuação e não foi lida: não foi somada. Envie os dados em XLSX ou CSV.": (
        "the text has a table without names of columns, with as many columns (or one more or fewer), which may be its "
        "continuation and was not read: it was not added up. Send the data as XLSX or CSV."
    ),
    "pelo texto acima dela, a tabela mostra metas ou previsões, e não o que foi vendido.": (
        "by the text above it, the table shows targets or forecasts, and not what was sold."
    ),
    "o texto afirma {:stated}, e a tabela soma menos: é um trecho, e não foi somada como total do canal.": (
        "the text states {}, and the table sums to less: it is an extract, and was not summed as the channel's total."
    ),
    "o texto afirma {:stated}, e a tabela soma mais: confira qual dos dois vale.": (
        "the text states {}, and the table sums to more: check which of the two is right."
    ),
    "as colunas não são de uma exportação conhecida; foi lida só como texto, sem números calculados.": (
        "the columns are those of no known export; it was read as text only, and no figure was computed."
    ),
    "as colunas não foram reconhecidas e as linhas ficaram de fora, para que nenhum dado de comprador saia do "
    "documento. Se são vendas, envie a exportação de pedidos do canal em XLSX ou CSV.": (
        "the columns were not recognised, and the rows were left out, so that nothing about buyers leaves the "
        "document. If they are sales, upload the channel's export of orders as XLSX or CSV."
    ),
    "as colunas não foram reconhecidas e as linhas ficaram de fora, para que nenhum dado de comprador saia do "
    "documento. Se são vendas, diga o que é cada coluna em “Ver as colunas”.": (
        "the columns were not recognised, and the rows were left out, so that nothing about buyers leaves the "
        "document. If they are sales, say what each column is in “Look at the columns”."
    ),
    "Colunas vistas: {}{}.": "Columns seen: {}{}.",
}
#: Orders and their items, in tables of their own.
JOINED: Final[Mapping[str, str]] = {
    "Os pedidos e os itens deles estão em tabelas diferentes: cada venda foi contada uma vez, e o desconto do pedido "
    "({:sum} ao todo) foi tirado do valor dos itens.": (
        "The orders and their items are in different tables: each sale was counted once, and the order's discount ({} "
        "in all) was taken off what the items cost."
    ),
    "Os pedidos e os itens deles estão em tabelas diferentes: cada venda foi contada uma vez, pelo valor dos itens. Os "
    "pedidos somam {:sum} a mais, que nenhuma coluna explica: pode ser frete ou imposto pago pelo comprador.": (
        "The orders and their items are in different tables: each sale was counted once, at what the items cost. The "
        "orders sum to {} more, which no column explains: it may be freight or a tax that the buyer paid."
    ),
    "A receita é desconhecida: os pedidos e os itens deles estão em tabelas diferentes, são as mesmas vendas, e os "
    "valores não são os mesmos ({:sum} nos pedidos, {:sum} nos itens). Nada diz qual deles foi pago: envie só a "
    "tabela certa, ou inclua a coluna do desconto.": (
        "The revenue is unknown: the orders and their items are in different tables, they are the same sales, and the "
        "amounts are not the same ({} of the orders, {} of the items). Nothing says which was paid: upload only the "
        "right table, or add the column of the discount."
    ),
}
TABLES: Final[Mapping[str, str]] = {**KINDS, **WHOLE, **JOINED}
