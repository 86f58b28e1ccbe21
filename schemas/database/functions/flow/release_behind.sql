-- Releases up to 500 records that wait behind a record, in their order; the rest is released when due. Stops at a
-- record that failed itself.
-- Called by: flow.give_up, flow.retry_now

create or replace function flow.release_behind(p flow.parked, p_actor text, p_request text) returns void language plpgsql as $$
declare
    f flow.parked;
begin
    if p.key = '' or not exists (select from flow.consumer_group g where g.name = p.grp and g.redelivered is not null) then
        return;  -- they have no order: nothing waits behind them
    end if;
    for f in
        select q.* from flow.parked q
         where q.state = 'waiting' and q.grp = p.grp and q.key = p.key and q.orig_topic = p.orig_topic
           and q.orig_partition = p.orig_partition and q.orig_offset > p.orig_offset
         order by q.orig_offset limit 500 for update
    loop
        exit when f.behind = '';  -- it failed itself: those after it wait for its time
        continue when f.due_at <= clock_timestamp();
        update flow.parked set due_at = clock_timestamp(), behind = '', tier = flow.replay_topic(f.grp, f.orig_topic)
         where record_id = f.record_id;
        perform flow.put_raw(flow.replay_topic(f.grp, f.orig_topic), f.key, f.type, f.value, f.headers, p_request,
                             p_actor, f.traceparent);
    end loop;
end $$;
