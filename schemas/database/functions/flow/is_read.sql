-- Says whether the group would read a replay of a record from this topic. A header can claim any origin. A group with
-- a topic of its own reads everything that goes there.
-- Outcomes: true, false.
-- Called by: projections/reads/outlook.py, flow.dead_replay

create or replace function flow.is_read(p_group text, p_orig_topic text) returns boolean language sql stable as $$
    select exists (select from flow.consumer_group g
                    where g.name = p_group and (g.redelivered is not null or p_orig_topic = any (g.topics)))
$$;
