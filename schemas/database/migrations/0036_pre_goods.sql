-- What goods cost and how many are on hand, by SKU with its history: for the next upload (decide), and to be seen (rm).

-- The version of the stream `goods`; whoever changes costs or stock locks it.
create table decide.goods (
    id      boolean primary key default true check (id),
    version integer not null
);
insert into decide.goods (version) values (0);

create table decide.unit_cost (
    sku_key     text not null,               -- schemas/product.py sku_key
    valid_from  date not null,
    sku         text not null,
    title       text not null,
    unit_cost   double precision not null,
    packaging   double precision,            -- of one unit; null: not known
    tax_rate    double precision,            -- on what is sold, 0 to 1; null: not known
    currency    text not null,
    version     integer not null,            -- of the event that says so
    primary key (sku_key, valid_from)
);

create table decide.stock_level (
    sku_key     text not null,
    channel     text not null,               -- empty: of all channels together
    counted_on  date not null,
    sku         text not null,
    title       text not null,
    quantity    double precision not null,
    version     integer not null,
    primary key (sku_key, channel, counted_on)
);
create index stock_level_age on decide.stock_level (counted_on);

create table rm.unit_cost (
    sku_key     text not null,
    valid_from  date not null,
    version     integer not null,
    sku         text not null,
    title       text not null,
    unit_cost   double precision not null,
    packaging   double precision,
    tax_rate    double precision,
    currency    text not null,
    document    text not null,               -- name of the file that told it
    recorded_by text not null,
    recorded_at timestamptz not null,
    primary key (sku_key, valid_from)
);

create table rm.stock_level (
    sku_key     text not null,
    channel     text not null,
    counted_on  date not null,
    version     integer not null,
    sku         text not null,
    title       text not null,
    quantity    double precision not null,
    document    text not null,
    recorded_by text not null,
    recorded_at timestamptz not null,
    primary key (sku_key, channel, counted_on)
);
