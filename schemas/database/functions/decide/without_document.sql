-- Returns a figure without the products that were compared with a given document: null if none is left or all that it
-- tells is of that document, unchanged if it was not compared with it. Its value is that of the worst product left.
-- Called by: decide.forget_compared

create or replace function decide.without_document(p_figure jsonb, p_channel text, p_plan uuid) returns jsonb language plpgsql immutable as $$
declare
    left_over jsonb;
begin
    if p_figure #>> array['detail', 'returned_by', p_channel, 'plan_id'] = p_plan::text then
        return null;
    end if;
    if p_figure #>> array['detail', 'documents', p_channel, 'plan_id'] is distinct from p_plan::text then
        return p_figure;
    end if;
    select jsonb_object_agg(one.key, one.value) into left_over
      from jsonb_each(p_figure #> '{detail,by_sku}') one
     where one.value ->> 'other_channel' is distinct from p_channel
       and not coalesce(one.value -> 'channels' ? p_channel, false);
    if left_over is null then
        return null;
    end if;
    return p_figure
        || jsonb_build_object(
               'detail', (p_figure -> 'detail') || jsonb_build_object(
                   'by_sku', left_over, 'documents', (p_figure #> '{detail,documents}') - p_channel),
               'skus', (select coalesce(jsonb_agg(sku order by place), '[]')
                          from jsonb_array_elements(p_figure -> 'skus') with ordinality s (sku, place)
                         where left_over ? (sku #>> '{}')),
               'value', (select max(coalesce(one.value -> 'gap', one.value -> 'silent_days')::numeric)
                           from jsonb_each(left_over) one));
end $$;
