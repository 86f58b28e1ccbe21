-- Returns the topic in which a record's group reads it again: the agents have a topic of their own, others read the
-- log. A letter of the projections goes back to the log, where a rebuild finds it, too.
-- Called by: projections/reads/outlook.py, streams/retries/index.py, flow.dead_replay, flow.release_behind,
-- flow.retry_now

create or replace function flow.replay_topic(p_group text, p_orig_topic text) returns text language sql stable as $$
    select coalesce((select g.redelivered from flow.consumer_group g where g.name = p_group), p_orig_topic)
$$;
