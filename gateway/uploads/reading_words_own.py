"""What the reader remarks on tills and on sheets that sellers keep themselves, as it writes it and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWN: Final[Mapping[str, str]] = {
    "{} linha(s) abaixo dos itens são de imposto, de frete ou de um desconto já tirado, e não de produtos: não foram "
    "contadas como venda.": (
        "{} row(s) below the items are of tax, of freight or of a discount that is deducted already, and not of "
        "products: they were not counted as sales."
    ),
    "“{}” não foi usada: a receita menos ela é “{}”, que é imposto. É a venda sem imposto, e não o custo dos "
    "produtos.": (
        "“{}” was not used: the revenue less it is “{}”, which is a tax. It is the sale without tax, and not the cost "
        "of the goods."
    ),
    "“{}” ({:sum} ao todo) foi tirada da receita: a coluna “{}” mostra que “{}” ainda tem o que foi cancelado.": (
        "“{}” ({} in all) was taken off the revenue: the column “{}” shows that “{}” still has what was cancelled."
    ),
    "A receita é “{}”, que se chama bruta, e nada na tabela mostra se “{}” ({:sum} ao todo) já foi tirada dela: se não "
    "foi, a receita é menos na mesma medida.": (
        "The revenue is “{}”, which is called gross, and nothing in the table shows whether “{}” ({} in all) was taken "
        "off it: if it was not, the revenue is less by as much."
    ),
    "{} linha(s) estão riscadas na planilha: não contam como venda, como as canceladas. Se são vendas, tire o risco e "
    "envie o arquivo de novo.": (
        "{} row(s) are struck through in the sheet: they do not count as sales, as cancelled ones do not. If they are "
        "sales, remove the line through them and upload the file again."
    ),
    "Mais da metade das linhas está riscada na planilha: {}. Nada diz se são canceladas ou já entregues: todas "
    "contam como venda. Se são canceladas, apague-as e envie o arquivo de novo.": (
        "More than half of the rows are struck through in the sheet ({}), and nothing says whether they are cancelled "
        "or were sent: all count as sales. If they are cancelled, delete them and upload the file again."
    ),
    "{} linha(s) têm a cor que uma nota da planilha chama de cancelada ou devolvida: não contam como venda. Se são "
    "vendas, tire a cor e envie o arquivo de novo.": (
        "{} row(s) have the colour that a note of the sheet calls cancelled or returned: they do not count as sales. "
        "If they are sales, remove the colour and upload the file again."
    ),
    "{} lançamento(s) não têm um valor que se leia: ficaram de fora, com tudo de seus {} pedido(s). Preencha os "
    "valores e envie o arquivo de novo.": (
        "{} row(s) of entries have no amount that can be read: they are left out, with all of their {} order(s). Fill "
        "in the amounts and upload the file again."
    ),
    "{} linha(s) não têm o número do pedido, que outras têm: não se sabe quantos pedidos são. Preencha-o e envie o "
    "arquivo de novo.": (
        "{} row(s) have no order number, which others have: how many orders they are is not known. Fill it in and "
        "upload the file again."
    ),
    "{} venda(s) não têm um valor que se leia: a receita e o ticket médio são das outras. Preencha os valores e "
    "envie o arquivo de novo.": (
        "{} sale(s) have no amount that can be read: the revenue and the average ticket are those of the others. Fill "
        "in the amounts and upload the file again."
    ),
    "{} venda(s) não têm uma quantidade que se leia: as unidades são das outras.": (
        "{} sale(s) have no quantity that can be read: the units are those of the others."
    ),
    "{} venda(s) não têm uma data que se leia: o período e os valores por mês são das outras.": (
        "{} sale(s) have no day that can be read: the period and the amounts by month are those of the others."
    ),
    "{} linha(s) têm um número de pedido que uma planilha arredondou ({}): pedidos diferentes ficaram com o mesmo "
    "número, e não se sabe de qual pedido elas são. Baixe o arquivo de novo e envie-o sem o abrir na planilha.": (
        "{} row(s) have an order number that a spreadsheet rounded ({}): different orders got the same number, and of "
        "which order they are is not known. Download the file again and upload it without opening it in the "
        "spreadsheet."
    ),
    "“{}” tem letras ({}), e nada diz quais são de vendas canceladas: todas as linhas contam como venda. Se alguma é, "
    "escreva as palavras na coluna e envie o arquivo de novo.": (
        "“{}” has letters ({}), and nothing says which of them are of cancelled sales: all rows count as sales. If one "
        "of them is, write the words into the column and upload the file again."
    ),
    "Todas as {} linha(s) de vendas têm o valor zero: parece um modelo sem dados, ou uma exportação sem os valores. A "
    "receita é desconhecida. Preencha os valores e envie o arquivo de novo.": (
        "All {} row(s) of sales have the amount zero: it looks like a form without data, or an export without the "
        "amounts. The revenue is unknown. Fill in the amounts and upload the file again."
    ),
    "“{}” tem o mesmo número em vendas de dias diferentes ({}, por exemplo): não é o número do pedido, e não se sabe "
    "quantos pedidos são. Se é, diga isso em “Ver as colunas”.": (
        "“{}” has the same number in sales of different days ({}, for example): it is not the order number, and how "
        "many orders they are is not known. If it is, say so in “Look at the columns”."
    ),
    "{} linha(s) têm um número de pedido que foi coberto ({}): não se sabe de qual pedido elas são.": (
        "{} row(s) have an order number that was covered ({}): of which order they are is not known."
    ),
    "“{}” diz por que {} linha(s) foram recusadas: elas não contam como venda.": (
        "“{}” says why {} row(s) were declined: they do not count as sales."
    ),
    "A coluna “{}” diz que todas as linhas são previsões, metas ou orçamentos, e não vendas: nenhum número foi "
    "calculado delas. Se são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "The column “{}” says that all rows are forecasts, targets or budgets, and not sales: no figure was computed "
        "from them. If they are sales, say in “Look at the columns” what each column is."
    ),
    "“{}” tem os mesmos valores que “{}” e não foi somada às tarifas. Se são duas tarifas, diga as duas em “Ver as "
    "colunas”.": (
        "“{}” has the same amounts as “{}” and was not added to the fees. If they are two fees, say both in “Look at "
        "the columns”."
    ),
    "{} venda(s) não têm um frete que se leia: o frete é das outras, e o que sobra, se o próprio documento não o diz, "
    "não desconta o delas.": (
        "{} sale(s) have no freight that can be read: the freight is that of the others, and what is left does not "
        "deduct theirs, unless the document itself tells it."
    ),
    "{} venda(s) não têm uma tarifa que se leia: as tarifas são das outras.": (
        "{} sale(s) have no fee that can be read: the fees are those of the others."
    ),
    "{} venda(s) não têm uma tarifa que se leia: as tarifas são das outras, e o que sobra é desconhecido.": (
        "{} sale(s) have no fee that can be read: the fees are those of the others, and what is left is unknown."
    ),
    "{} linha(s) de uma tabela trazem pedidos e produtos que outra tabela do documento já traz, com outras "
    "quantidades ou valores: não foram somadas. Se são elas que valem, envie só a tabela delas.": (
        "{} row(s) of a table have orders and products that another table of the document has, too, with other "
        "quantities or amounts: they were not added. If they are the right ones, upload their table alone."
    ),
    "Cada linha é um pagamento (coluna “{}”): a receita é o que foi pago, e o que ainda não foi pago não está nela. "
    "Para as vendas todas, envie a tabela delas.": (
        "Each row is a payment (column “{}”): the revenue is what was paid, and what is not paid yet is not in it. For "
        "all sales, upload their table."
    ),
    "{} linha(s) de uma tabela por mês, sem números de pedidos, não foram somadas aos pedidos dos mesmos meses: podem "
    "ser um resumo. Se são outras vendas, envie essa tabela em um arquivo só dela.": (
        "{} row(s) of a table by month, without order numbers, were not added to the orders of the same months: they "
        "may be a summary. If they are other sales, upload that table in a file of its own."
    ),
    "As linhas marcadas à mão somam {:sum}.": "The rows that are marked by hand add up to {}.",
    "Uma nota da planilha diz que uma cor marca linhas canceladas ou devolvidas, e nenhuma linha tem uma cor que se "
    "reconheça: se há linhas marcadas, elas contam como venda. Escreva-o em uma coluna “Situação”.": (
        "A note of the sheet says that a colour marks cancelled or returned rows, and no row has a colour that is "
        "recognised: if there are marked rows, they count as sales. Write it into a column “Status”."
    ),
    "“{}” não conta como devolução de vendas: “{}” é o que foi vendido mais ela, e o vendido já não a tem.": (
        "“{}” does not count as returns of sales: “{}” is what was sold and it together, and the sold is without it."
    ),
    "“{}” ({:sum} ao todo) não foi lida como tarifa do canal: a coluna “{}” diz quem vendeu, e parece ser a comissão "
    "dessas pessoas. Se é do canal, diga em “Ver as colunas” que ela são as tarifas.": (
        "“{}” ({} in all) was not read as a fee of the channel: the column “{}” says who sold, and it looks like the "
        "commission of these people. If it is the channel's, say in “Look at the columns” that it is the fees."
    ),
    "{} linha(s) não foram contadas como venda: o CFOP delas (coluna “{}”) é de outra operação ({}), como remessa, "
    "bonificação, transferência, compra ou devolução.": (
        "{} row(s) were not counted as sales: their CFOP (column “{}”) is of another operation ({}), such as a loan, a "
        "gift, a transfer, a purchase or a return."
    ),
    "Parece um demonstrativo de resultado (DRE): cada linha é uma receita, um custo ou um resultado, e a soma delas "
    "não diz nada. Nenhum número foi calculado. Envie a tabela das vendas, com uma linha para cada uma.": (
        "It looks like a statement of income: each row is a revenue, a cost or a result, and their sum says nothing. "
        "No figure was computed. Upload the table of the sales, with a row for each."
    ),
    "“{}” conta os pedidos de cada linha: são {} ao todo, com os cancelados, se o documento os conta. O número de "
    "pedidos e o ticket médio vêm daí.": (
        "“{}” counts the orders of each row: they are {} in all, with cancelled ones if the document counts them. The "
        "number of orders and the average order come from it."
    ),
    "“{}” foi lida por letras: V são vendas, D devoluções ({}) e C cancelamentos ({}).": (
        "“{}” was read by letters: V are sales, D returns ({}) and C cancelled ones ({})."
    ),
    "“{}” tem letras (V, D, C), e nada diz se são venda, devolução e cancelamento: todas as linhas contam como venda. "
    "Se são, escreva as palavras na coluna e envie o arquivo de novo.": (
        "“{}” has letters (V, D, C), and nothing says whether they are a sale, a return and a cancelled one: all rows "
        "count as sales. If they are, write the words into the column and upload the file again."
    ),
    "A coluna “{}” diz que as linhas são as melhores e as piores (“{}”, “{}”): é uma lista de algumas, e não todas as "
    "vendas, e a mesma coisa pode estar nas duas partes. Nenhum número foi calculado. Se são todas as vendas, diga em "
    "“Ver as colunas” o que é cada coluna.": (
        "The column “{}” says that the rows are the best and the worst (“{}”, “{}”): it is a list of some, and not of "
        "all sales, and the same thing may stand in both parts. No figure was computed. If they are all sales, say in "
        "“Look at the columns” what each column is."
    ),
    "{} linha(s) são negócios perdidos ou ainda em aberto, pela coluna “{}” ({}): não contam como venda (valor: "
    "{:amount}).": (
        "{} row(s) are deals that were lost or are still open, by the column “{}” ({}): they do not count as sales "
        "(amount: {})."
    ),
    "{} linha(s) não foram contadas como venda: a coluna “{}” as chama de pedidos, ao lado de vendas, e parece que "
    "ainda não foram faturados (valor: {:amount}). Se são vendas também, troque a palavra nelas e envie o arquivo de "
    "novo.": (
        "{} row(s) were not counted as sales: the column “{}” calls them orders, beside sales, and they seem not to be "
        "invoiced yet (amount: {}). If they are sales, too, change the word in them and upload the file again."
    ),
    "as colunas foram lidas como as de outra tabela do documento, que tem o mesmo cabeçalho.": (
        "the columns were read as those of another table of the document, which has the same header."
    ),
    "O nome “{}” diz que são só os primeiros, e não todas as vendas: nenhum número foi calculado. Se são todas as "
    "vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "The name “{}” says that they are only the first ones, and not all sales: no figure was computed. If they are "
        "all sales, say in “Look at the columns” what each column is."
    ),
    "“{}” traz o que entrou em uma conta, sem pedidos nem produtos, e nada diz quanto disso são vendas: nenhum número "
    "foi calculado. Envie a exportação de pedidos do canal, ou o relatório de repasses que traz cada pedido.": (
        "“{}” has what came into an account, without orders or products, and nothing says how much of it is sales: no "
        "figure was computed. Upload the channel's order export, or the report of payouts that has each order."
    ),
    "Parece uma lista de reservas ou vendas de imóveis, ou de diárias, e não de produtos: nada diz com certeza quais "
    "viraram vendas nem quantas unidades são. Nenhum número foi calculado. Se são vendas, diga em “Ver as colunas” o "
    "que é cada coluna.": (
        "It looks like a list of reservations or sales of homes, or of stays, and not of products: nothing says for "
        "sure which of them became sales, nor how many units they are. No figure was computed. If they are sales, say "
        "in “Look at the columns” what each column is."
    ),
    "A coluna “{}” diz de que dia a que dia, como “{}”, e não o dia da venda: o período e o ritmo das vendas não foram "
    "calculados.": (
        "The column “{}” says from which day to which, such as “{}”, and not the day of the sale: the period and the "
        "pace of sales were not calculated."
    ),
    "Parece uma lista de contas a receber, com os dias de atraso e o saldo de cada uma: as vendas que já foram pagas "
    "podem não estar nela. Nenhum número foi calculado. Se são todas as vendas, diga em “Ver as colunas” o que é cada "
    "coluna.": (
        "It looks like a list of what is still owed, with the days that each payment is late and its balance: sales "
        "that were paid may not be in it. No figure was computed. If these are all sales, say in “Look at the columns” "
        "what each column is."
    ),
    "Os valores foram multiplicados por {}, porque acima da tabela está escrito que são em {}.": (
        "The amounts were multiplied by {}, because it is written above the table that they are in {}."
    ),
    "Acima da tabela está escrito que os valores são em {}, e nada mostra se o preço também é: nenhum número foi "
    "calculado. Escreva isso no nome de cada coluna (“Total (R$ mil)”), não acima da tabela, e envie de novo.": (
        "It is written above the table that the amounts are in {}, and nothing shows whether the price is, too: no "
        "figure was computed. Write it in the name of each column (“Total (R$ mil)”), not above the table, and upload "
        "it again."
    ),
    "As tarifas são desconhecidas: “{}” tem só {} em vendas de valores muito diferentes, e nada mostra se é uma "
    "porcentagem ou um valor. Escreva “(%)” ou “(R$)” no nome da coluna e envie de novo.": (
        "The fees are unknown: “{}” has only {} in sales of very different amounts, and nothing shows whether it is a "
        "percentage or an amount. Write “(%)” or “(R$)” in the column's name and upload it again."
    ),
    "“{}” já estava sem o que foi devolvido, como “{}” mostra: {:sum} ao todo foram somados à receita, e contam como "
    "reembolsos.": (
        "“{}” was already without what came back, as “{}” shows: {} in all was added to the revenue, and counts as "
        "refunds."
    ),
    "A receita é “{}”, e nada na tabela mostra se ela já está sem o que foi devolvido (“{}”): em relatórios de lojas "
    "está, e então o que foi vendido é mais. O valor devolvido é desconhecido.": (
        "The revenue is “{}”, and nothing in the table shows whether it is already without what came back (“{}”): in "
        "shops' reports it is, and then more was sold. The amount that came back is unknown."
    ),
    "“{}” ainda tem o valor de {} venda(s) que voltaram ({:sum} ao todo), e o que sobra também: se esse dinheiro não "
    "for pago a você, sobra isso a menos.": (
        "“{}” still has the amount of {} sale(s) that came back ({} in all), and so has what is left: if that money "
        "is not paid to you, so much less is left."
    ),
    "{} linha(s) são de um canal que não conhecemos ({}; {:sum} em vendas), e não foram contadas. Se são de um dos "
    "canais daqui, escreva o nome dele na coluna do canal (“Loja própria”, por exemplo) e envie o arquivo de novo.": (
        "{} row(s) are of a channel that we do not know ({}; {} in sales), and were not counted. If they are of one of "
        "the channels here, write its name into the column of the channel (“Loja própria”, for one) and upload the "
        "file again."
    ),
    "{} linha(s) são de um canal que não conhecemos ({}), e não foram contadas. Se são de um dos canais daqui, escreva "
    "o nome dele na coluna do canal (“Loja própria”, por exemplo) e envie o arquivo de novo.": (
        "{} row(s) are of a channel that we do not know ({}), and were not counted. If they are of one of the channels "
        "here, write its name into the column of the channel (“Loja própria”, for one) and upload the file again."
    ),
    "a primeira linha já parece ser uma venda, e não os nomes das colunas: ponha acima dela uma linha com os nomes "
    "(Pedido, Data, Produto, Quantidade, Valor total) e envie o arquivo de novo.": (
        "the first row seems to be a sale already, and not the names of the columns: write a row with the names above "
        "it (Pedido, Data, Produto, Quantidade, Valor total), and upload the file again."
    ),
    "esta planilha tem as vendas dos últimos {} dias, e outra, as dos últimos {}: as de uma estão na outra. Esta não "
    "foi somada.": (
        "this sheet has the sales of the last {} days, and another one those of the last {}: those of the one are in "
        "the other. This one was not added."
    ),
    "“{}” é o que resta depois de cada movimento, e não se soma: nenhum estoque foi guardado. O que saiu pode ter sido "
    "vendido ou não, e nada diz por quanto. Para as vendas, envie a exportação de pedidos do canal; para o estoque de "
    "hoje, uma lista com uma linha por produto.": (
        "“{}” is what is left after each movement, and does not add up: no stock was stored. What went out may have "
        "been sold or not, and nothing says for how much. For the sales, upload the channel's export of orders; for "
        "the stock of today, a list with a row for each product."
    ),
    "{} linha(s) são orçamentos que ninguém aprovou, pela coluna “{}” ({}): não contam como venda (valor: {:amount}). "
    "Os aprovados contam como vendas.": (
        "{} row(s) are quotes that nobody approved, by the column “{}” ({}): they do not count as sales (amount: {}). "
        "Those that were approved count as sales."
    ),
    "É uma lista de orçamentos: os aprovados, pela coluna “{}”, contam como vendas. Os que ninguém aprovou não estão "
    "nela.": (
        "It is a list of quotes: those that were approved, by the column “{}”, count as sales. Those that nobody "
        "approved are not in it."
    ),
    "É uma lista de orçamentos, e nenhuma coluna diz quais foram aprovados: nenhum número foi calculado. Se são "
    "vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "It is a list of quotes, and no column says which were approved: no figure was computed. If they are sales, "
        "say in “Look at the columns” what each column is."
    ),
    "“{}” numera pedidos de compra, e “{}” diz a que fornecedor: parece o que a loja comprou, e não o que vendeu. "
    "Nenhum número foi calculado. Se são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "“{}” numbers purchase orders, and “{}” says from which supplier: it seems to be what the shop bought, and not "
        "what it sold. No figure was computed. If they are sales, say in “Look at the columns” what each column is."
    ),
    "“{}” numera pedidos de compra, e nada diz se são de clientes ou a fornecedores: nenhum número foi calculado. Se "
    "são vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "“{}” numbers purchase orders, and nothing says whether customers placed them or the shop did: no figure was "
        "computed. If they are sales, say in “Look at the columns” what each column is."
    ),
    "“{}” traz fornecedores, e nada diz que as linhas são vendas, e não compras: nenhum número foi calculado. Se são "
    "vendas, diga em “Ver as colunas” o que é cada coluna.": (
        "“{}” has suppliers, and nothing says that the rows are sales, and no purchases: no figure was computed. If "
        "they are sales, say in “Look at the columns” what each column is."
    ),
}
