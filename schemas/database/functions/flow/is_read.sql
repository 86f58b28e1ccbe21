-- Tells whether anybody reads a replay for the group, of a record that came from the topic. A header says where a
-- record came from, and may say anything; a test compares the topics with schemas/topics.toml.
-- Outcomes: true, false.
-- Called by: projections/reads/outlook.py, flow.dead_replay

create or replace function flow.is_read(p_group text, p_orig_topic text) returns boolean language sql immutable as $$
    select coalesce(case p_group
        when 'agents' then true -- wherever it came from, it goes to their own topic
        when 'analysis' then p_orig_topic in ('analysis.work.high', 'analysis.work.normal', 'analysis.work.low')
        when 'projections' then p_orig_topic in ('plan.events', 'task.events', 'system.events')
    end, false)
$$;
