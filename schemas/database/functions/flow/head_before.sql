-- Finds the record that a waiting record waits for. Only records of the agents with a key have an order.
-- Outcomes: its id; null for the first record of its plan.
-- Called by: flow.give_up, flow.retry_now

create or replace function flow.head_before(p flow.parked) returns text language sql stable as $$
    select q.record_id from flow.parked q
     where q.state = 'waiting' and q.grp = p.grp and q.key = p.key and q.orig_topic = p.orig_topic
       and q.orig_partition = p.orig_partition and q.orig_offset < p.orig_offset and p.key <> ''
       and exists (select from flow.consumer_group g where g.name = p.grp and g.redelivered is not null)
     order by q.orig_offset limit 1
$$;
