"""What the reader puts into its remarks as words of its own, in Portuguese and in English, by the name of the value.

A remark names such a value: `{:more}` is one of the texts under `more`. The longest text of a value stands first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.intake.fields import CHOICES

VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "separator": {"tabulação": "tab", "espaços": "spaces", "{}": "{}"},
    "more": {" e mais {}": " and {} more", "": ""},
    "worth": {" (somam {:sum})": " (worth {})", "": ""},
    "coupons": {
        " Em {} linha(s) um cupom FSV- mostra que ela pagou o frete.": (
            " In {} row(s) a coupon FSV- shows that it paid the shipping."
        ),
        "": "",
    },
    "money": {
        ", nem o valor delas": ", nor does their amount",
        ", e a receita já não as tinha": "; the revenue was already without them",
        "": "",
    },
    "charged": {", as de envio à parte, como frete": ", those of sending it apart, as shipping", "": ""},
    "amount": {"o relatório não diz": "the report does not say", "{:sum}": "{}"},
    "revenue": {"o preço vezes as unidades": "the price times the units", "a coluna “{}”": "the column “{}”"},
    "same": {" tem o mesmo cabeçalho de outra, que": " has the same header as another one, which", "": ""},
    "cells": {
        "datas": "days",
        "textos": "texts",
        "valores com centavos": "amounts with cents",
        "números": "numbers",
        "códigos": "codes",
        "porcentagens": "percentages",
    },
    "channel_from": {
        "do título ou das colunas da tabela": "from the table's title or columns",
        "dos números dos pedidos": "from the order numbers",
        "da linha acima da tabela": "from the line above the table",
        "do título da seção": "from the section's heading",
        "do nome da planilha, ao lado das de outros canais": "from the sheet's name, beside those of other channels",
    },
    "shown": {
        "de um mesmo produto, cresce com as unidades": "of one product, it grows with the units",
        "de um mesmo produto, não muda com as unidades": "of one product, it does not change with the units",
        "em cada grupo de produtos, cresce com as unidades": "in each group of goods, it grows with the units",
        "em cada grupo de produtos, não muda com as unidades": (
            "in each group of goods, it does not change with the units"
        ),
        "o que se paga ou o que sobra da linha é uma parte dela": "what is paid or left of the row is a part of it",
        "outra coluna é uma parte dela vezes as unidades": "another column is a part of it times the units",
        "é o preço de lista menos o desconto": "it is the list price less the discount",
        "é o preço de lista menos o desconto, vezes as unidades": "it is the list price less the discount, times units",
    },
    "costed_by": {
        "foi o que se disse em “Ver as colunas”": "so it was said in “Look at the columns”",
        "é o que o nome diz": "so its name says",
        "cada linha tem uma unidade só": "each row has one unit only",
        "a receita menos ele vezes as unidades é “{}”": "the revenue less it times the units is “{}”",
        "a receita menos ele é “{}”": "the revenue less it is “{}”",
        "o preço de uma unidade menos ele é “{}”": "the price of one unit less it is “{}”",
        "de um mesmo produto, ele não muda com as unidades": "of one product, it does not change with the units",
        "de um mesmo produto, ele cresce com as unidades": "of one product, it grows with the units",
    },
    "gap": {"não aparecem em nenhuma delas": "are in none of them", "a mais do que ela diz": "more than it says"},
    "lacking": {"{:part} nem {:part}": "{}, and {}", "{:part}": "{}"},
    "part": {
        "o frete, porque o documento não diz quanto dele o vendedor pagou": (
            "the shipping, because the document does not say how much of it the seller paid"
        ),
        "os reembolsos, porque o documento não diz o que foi devolvido ao comprador": (
            "the refunds, because the document does not say what buyers got back"
        ),
    },
    "dates": {
        "lançamento": "the entry",
        "pagamento": "the payment",
        "pedido": "the order",
        "venda": "the sale",
        "criação do pedido": "the order's creation",
        "liberação do dinheiro": "the release of the money",
    },
    "why": {
        "sem SKU": "without a SKU",
        "com um valor que não é um número": "with a value that is no number",
        "com um valor negativo": "with a negative value",
        "com uma data que não foi entendida": "with a date that was not understood",
        "sem moeda: diga-a em uma coluna “Moeda”, no cabeçalho (“Custo (R$)”) ou ao enviar": (
            "without a currency (say it in a column “Moeda”, in the header, “Custo (R$)”, or when you upload it)"
        ),
        "com o mesmo SKU e custos diferentes para o mesmo dia": "with the same SKU and other costs for the same day",
        "com um imposto que não é uma alíquota de 0 a 95%": "with a tax that is no rate from 0 to 95%",
        "em outra moeda que a do custo guardado desse SKU": (
            "in another currency than the cost that is kept of this SKU"
        ),
    },
    "changed": {"não mudou": "it changed", "não mudaram": "they changed"},
    "why_not": {
        "ele não diz de qual canal é: escolha o canal ao enviar": (
            "it does not say of which channel it is; choose the channel when you upload it"
        ),
        "ele não diz de que dias é: exporte-o por dia, ou deixe o período no nome do arquivo": (
            "it does not say of which days it is; export it by day, or leave the period in the file's name"
        ),
        "ele traz dias que ainda não passaram: são os das campanhas, e não os do custo, ou de um mês que não acabou; "
        "exporte-o por dia": (
            "it has days that are still to come; they are those of the campaigns and not of the cost, or of a month "
            "that is not over; export it by day"
        ),
        "ele não diz em que moeda está: diga-a ao enviar": (
            "it does not say in which currency it is; say it when you upload it"
        ),
        "ele traz valores em mais de uma moeda": "it has amounts in more than one currency",
        "ele traz tabelas com somas diferentes, e não se sabe se uma contém a outra: envie só uma": (
            "it has tables with different sums, and nobody knows whether one contains the other; upload only one"
        ),
        "ele traz dias demais: envie um período menor": "it has too many days; upload a shorter period",
        "ele é de mais de dois anos atrás: relatórios são guardados por esse tempo": (
            "it is of more than two years ago; reports are kept for that long"
        ),
    },
    "costed": {"{} SKU com custo lido": "{} SKU with a cost", "{} SKUs com custo lido": "{} SKUs with a cost"},
    "stocked": {
        "{} SKU com estoque lido": "{} SKU with its stock",
        "{} SKUs com estoque lido": "{} SKUs with their stock",
    },
    "costless": {
        "{} SKU sem custo preenchido": "{} SKU without a cost",
        "{} SKUs sem custo preenchido": "{} SKUs without a cost",
    },
    "left": {"{} linha ficou": "{} more row was", "{} linhas ficaram": "{} more rows were"},
    "days": {"{} a {}": "{} to {}"},
    "report": {"“{}” ({:days})": "“{}” ({})", "de {:days}": "of {}"},
    # more of them stay as they are written: names of documents, and days
    "reports": {
        "{:report}, {:report}, {:report}": "{}, {}, {}",
        "{:report}, {:report}": "{}, {}",
        "{:report}": "{}",
        "{}": "{}",
    },
    "stated": {"“{}” ({:place})": "“{}” ({})"},
    "field": dict(CHOICES.values()),
    "fields": {"{:field}, {:field}": "{}, {}", "{:field}": "{}"},
    "apart": {
        "{} linha(s) de uma tabela sem pedidos e sem produtos não foram somadas aos pedidos": (
            "{} row(s) of a table without orders and products were not added to the orders"
        ),
    },
    "alone": {
        "Se são outras vendas, envie essa tabela em um arquivo só dela.": (
            "If they are other sales, upload that table in a file of its own."
        ),
    },
}
