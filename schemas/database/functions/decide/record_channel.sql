-- Stores the first result of a channel, and puts its event into the outbox.
-- Outcomes: not_found; recorded: others are missing, or nobody waits (cancelled, erased); complete: all results are
-- there, and are returned.
-- Called by: streams/analysis/results.py

create or replace function decide.record_channel(c decide.command, p_type text, p_channel text) returns jsonb language plpgsql as $$
declare
    h decide.head;
    wanted text[];
    results jsonb;
begin
    select * into h from decide.head where stream = 'plan-' || c.id for update;
    if not found then
        return jsonb_build_object('outcome', 'not_found');
    end if;
    insert into decide.channel_result (plan_id, channel, type, event_id, data)
    values (c.id, p_channel, p_type, c.event_id, c.data) on conflict do nothing;
    if found then
        perform decide.put_outbox('plan.events', p_type, 'plan-' || c.id || '.' || p_channel, 1, c.id, c, c.event_id, c.data);
    end if;
    select channels into wanted from decide.document where plan_id = c.id;
    if wanted is null then
        return jsonb_build_object('outcome', 'recorded');
    end if;
    select jsonb_agg(jsonb_build_object('type', type, 'event_id', event_id, 'data', decide.said_by(r))
                     order by array_position(wanted, channel))
      into results from decide.channel_result r where plan_id = c.id;
    if jsonb_array_length(results) < cardinality(wanted) or h.status = 'cancelled' then
        return jsonb_build_object('outcome', 'recorded');
    end if;
    return jsonb_build_object('outcome', 'complete', 'results', results);
end $$;
