-- Returns what the result of a channel says: the data of its event, from the history once the result was left to it.
-- Null: there is no result.
-- Called by: streams/analysis/again.py, streams/analysis/comparing.py, streams/analysis/results.py,
-- decide.record_channel

create or replace function decide.said_by(r decide.channel_result) returns jsonb language sql stable as $$
    select coalesce(r.data, (
        select decide.whole_data(t.plan_id, t.data, t.body) from rm.timeline t
         where t.plan_id = r.plan_id and t.stream = 'plan-' || r.plan_id || '.' || r.channel
           and t.event_id = r.event_id))
$$;
