"""Tables as sellers, ERP systems and BI tools make them, each with its revenue and units."""

#: name -> table, revenue, units
READ: dict[str, tuple[str, float, float]] = {
    "own sheet with titles above, a total below and a buyer": (
        """Relatório de Vendas - Março/2026
        ;;;;;
        Data;Cliente;Produto;Qtd;Valor Unit.;Total
        01/03/2026;Zuleica Brantes;Camisa;2;R$ 50,00;R$ 100,00
        02/03/2026;Teobaldo Quaresma;Calça;1;R$ 80,00;R$ 80,00
        ;;;;TOTAL;R$ 180,00""",
        180,
        3,
    ),
    "Bling": (
        """Número pedido;Nome Comprador;Data;Produto;SKU;Un;Quantidade;Valor Unitário;Valor Total;\
Total Pedido;Valor Frete Pedido;Valor Desconto Pedido
        101;Zuleica;12/03/2026;Camisa;CAM-1;UN;2,00;50,00;100,00;175,00;20,00;5,00
        101;Zuleica;12/03/2026;Calça;CAL-1;UN;1,00;60,00;60,00;175,00;20,00;5,00
        102;Teobaldo;13/03/2026;Meia;MEI-1;UN;3,00;10,00;30,00;30,00;0,00;0,00""",
        185,
        6,
    ),
    "Olist Tiny": (
        """Nome do cliente;Número do pedido no e-commerce;E-commerce;Código (SKU);Descrição do produto;\
Preço total;Total de itens
        Zuleica;2000-1;Mercado Livre;A1;Camisa;59,90;1
        Teobaldo;SP-2;Shopee;A2;Calça;119,80;2""",
        179.7,
        3,
    ),
    "ERP with short names": (
        """COD_PROD;DESC_PROD;DT_EMISSAO;NR_NF;QTDE_VEND;VLR_UNIT;VLR_TOTAL;VLR_COMISSAO
        1001;PARAFUSO 10MM;20260312;5501;100;0,50;50,00;5,00
        1002;PORCA 10MM;20260313;5502;200;0,25;50,00;5,00""",
        100,
        300,
    ),
    "BI in snake_case": (
        """order_id;order_date;sku;product_name;quantity;unit_price;discount_amount;gross_revenue;net_revenue;marketplace
        1;2026-03-12T10:00:00Z;A;Shirt;2;50.00;10.00;100.00;90.00;shopee
        2;2026-03-13T10:00:00Z;B;Pants;1;80.00;0.00;80.00;80.00;mercado_livre""",
        170,
        3,
    ),
    "camelCase with AM and PM": (
        """orderId;orderDate;productName;sku;quantity;unitPrice;totalPrice;orderStatus;salesChannel
        1;3/12/2026 4:25:15 PM;Shirt;A;2;50.5;101;Completed;Shopee
        2;3/13/2026 4:25:15 AM;Pants;B;1;80;80;Completed;Amazon""",
        181,
        3,
    ),
    "words written as one": (
        """ORDERNUMBER;QUANTITYORDERED;PRICEEACH;SALES;ORDERDATE;STATUS;PRODUCTLINE;PRODUCTCODE;CUSTOMERNAME
        10107;30;95.70;2871.00;2/24/2003 0:00;Shipped;Motorcycles;S10_1678;Zuleica
        10121;34;81.35;2765.90;5/17/2003 0:00;Shipped;Motorcycles;S10_1678;Teobaldo""",
        5636.9,
        64,
    ),
    "pieces and rates": (
        """index;DATE;Months;CUSTOMER;Style;SKU;Size;PCS;RATE;GROSS AMT
        0;06-05-21;Jun-21;ZULEICA;M4;M4-L;L;1.00;616.56;616.56
        1;06-05-21;Jun-21;ZULEICA;M4;M4-XL;XL;2.00;616.56;1233.12
        2;06-15-21;Jun-21;ZULEICA;M5;M5-XL;XL;3.00;500.00;1500.00""",
        3349.68,
        6,
    ),
    "a till's columns, total with tax": (
        """Invoice ID;Branch;City;Customer type;Product line;Unit price;Quantity;Tax 5%;Total;Date;Time;cogs
        750-67;A;Yangon;Member;Health;74.69;7;26.1415;548.9715;1/15/2026;13:08;522.83
        226-31;C;Naypyitaw;Normal;Electronics;15.28;5;3.82;80.22;1/28/2026;10:29;76.4""",
        629.1915,
        12,
    ),
    "a form's questions": (
        """Carimbo de data/hora;Nome do vendedor;Qual produto?;Quantas unidades?;Valor da venda (R$)
        12/03/2026 10:00:00;Zuleica;Camisa;2;100,00
        13/03/2026 11:00:00;Teobaldo;Calça;1;80,00""",
        180,
        3,
    ),
    "groups above the names": (
        """Produto;;Vendas;;Devoluções;
        Código;Descrição;Qtd;Valor;Qtd;Valor
        A1;Camisa;10;500,00;1;50,00
        A2;Calça;5;400,00;0;0,00""",
        900,
        15,
    ),
    "an order's total on each of its rows": (
        """Pedido;SKU;Produto;Quantidade;Valor do Item;Total do Pedido
        1;A;Camisa;1;50,00;130,00
        1;B;Calça;1;80,00;130,00
        2;A;Camisa;2;50,00;100,00""",
        230,
        4,
    ),
    "costs and profit beside the sales": (
        """Data;SKU;Produto;Qtd;Custo;Preço Venda;Lucro;Receita;Estoque
        01/03/2026;A;Camisa;2;20,00;50,00;60,00;100,00;7
        02/03/2026;B;Calça;1;30,00;80,00;50,00;80,00;9""",
        180,
        3,
    ),
    "a lone Valor that grows with the units is a total": (
        """Data;Produto;Qtd;Valor
        01/03/2026;Camisa;2;100,00
        02/03/2026;Camisa;1;50,00
        02/03/2026;Camisa;4;200,00""",
        350,
        7,
    ),
    "a lone Valor that does not is a price": (
        """Data;Produto;Qtd;Valor
        01/03/2026;Camisa;2;50,00
        02/03/2026;Camisa;1;50,00
        02/03/2026;Camisa;4;50,00""",
        350,
        7,
    ),
    "columns without known names beside a known one": (
        """SKU;Xpto;Foo;Bar
        A-1;2;50,00;100,00
        A-2;1;80,00;80,00
        A-3;3;20,00;60,00""",
        240,
        6,
    ),
    "Spanish": (
        """Fecha de venta;Número de venta;Producto;Cantidad;Precio unitario;Importe total;Estado del pedido
        12/03/2026;1;Camisa;2;50,00;100,00;Entregado
        13/03/2026;2;Pantalón;1;80,00;80,00;Entregado""",
        180,
        3,
    ),
    "Vietnamese": (
        """Ngày bán;Mã đơn hàng;Tên sản phẩm;Số lượng;Đơn giá;Thành tiền
        12/03/2026;1;Áo;2;50.000 ₫;100.000 ₫
        13/03/2026;2;Quần;1;80.000 ₫;80.000 ₫""",
        180_000,
        3,
    ),
    "Indonesian": (
        """Tanggal;No Pesanan;Nama Produk;Jumlah;Harga Satuan;Total Harga
        12/03/2026;1;Baju;2;Rp 50.000;Rp 100.000
        13/03/2026;2;Celana;1;Rp 80.000;Rp 80.000""",
        180_000,
        3,
    ),
}
