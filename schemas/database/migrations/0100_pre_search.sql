-- To find plans and tasks by how their titles begin, and products by the beginnings of words, without marks of accents.
-- A row of a plan or task is written anew with most of its events, so each has one small index and none of words. The
-- expressions stand in projections/reads/search.py as well: a test sees to it that the queries use these indexes. Of a text
-- its beginning counts: no length of one makes a row that cannot be written.

create index if not exists plan_begins on rm.plan ((translate(
    lower(left(title, 100)), 'áàâãäéèêëíìîïóòôõöúùûüçñ_-./', 'aaaaaeeeeiiiiooooouuuucn    ')) collate "C");
create index if not exists task_begins on rm.task ((translate(
    lower(left(title, 100)), 'áàâãäéèêëíìîïóòôõöúùûüçñ_-./', 'aaaaaeeeeiiiiooooouuuucn    ')) collate "C");
create index if not exists unit_cost_words on rm.unit_cost using gin (to_tsvector('simple', translate(
    lower(left(sku || ' ' || title, 1000)), 'áàâãäéèêëíìîïóòôõöúùûüçñ_-./', 'aaaaaeeeeiiiiooooouuuucn    ')));
create index if not exists stock_level_words on rm.stock_level using gin (to_tsvector('simple', translate(
    lower(left(sku || ' ' || title, 1000)), 'áàâãäéèêëíìîïóòôõöúùûüçñ_-./', 'aaaaaeeeeiiiiooooouuuucn    ')));
