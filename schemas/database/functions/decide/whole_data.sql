-- Returns the data of an event as the log has them, of what its row of the history has: the plan's id stands in a
-- column, and what several events of a plan say alike apart from them.
-- Called by: streams/watchdog/outbox_events.py, decide.said_by

create or replace function decide.whole_data(p_plan uuid, p_data json, p_body uuid) returns jsonb
language sql stable as $$
    select jsonb_build_object('plan_id', p_plan) || p_data::jsonb
        || coalesce((select b.said::jsonb from rm.plan_body b where b.plan_id = p_plan and b.digest = p_body), '{}')
$$;
