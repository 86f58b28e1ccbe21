-- To find plans by what was sold in them: the SKUs and titles of a document's products, as its facts have them. A document
-- is written once, with its upload, and never changed, so nothing else pays for this. The expression stands in
-- projections/reads/search.py as well: a test sees to it that the query uses this index. SKUs come first, and of a long
-- text its beginning counts.

create index if not exists document_products on decide.document using gin (to_tsvector('simple', translate(lower(left(
    jsonb_path_query_array(facts, '$.channels[*].products[*].sku')::text
    || jsonb_path_query_array(facts, '$.channels[*].products[*].title')::text, 20000)),
    'áàâãäéèêëíìîïóòôõöúùûüçñ_-./', 'aaaaaeeeeiiiiooooouuuucn    ')));
