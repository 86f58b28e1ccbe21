-- Records new leaders of partitions; `p_kept`: where the earlier leader's log (`p_before`) ended. If that is before
-- the place that the log was known to reach, its end was lost: this is recorded, the read models go back to that
-- place, and events published since `p_since` are sent again. Readers of `p_members` keep their places; for these
-- topics events are sent until the log is longer than those places. Returns how many records were lost and how many
-- are sent again; zeros if another watchdog was first.
-- Called by: streams/watchdog/log_reach.py

create or replace function flow.mend_log(
    p_topics text[], p_partitions integer[], p_before integer[], p_epochs integer[], p_kept bigint[], p_ends bigint[],
    p_since timestamptz, p_members text[]
) returns table (lost bigint, sent bigint) language plpgsql as $$
declare
    taken bigint;
begin
    -- whoever takes events for a webhook has read how far that may be: it ends first, or begins after this
    perform pg_advisory_xact_lock(hashtext('flow.webhook_cursor'));
    with given as (
        select * from unnest(p_topics, p_partitions, p_before, p_epochs, p_kept, p_ends)
            g (topic, partition, before, later, kept, ends)),
    known as (
        select e.topic, e.partition, e.next_offset, g.later, g.kept, g.ends
          from flow.log_end e join given g on g.topic = e.topic and g.partition = e.partition and g.before = e.epoch
           -- a topic that was made anew may have the same epoch: mended once, it is noted as it is
           and (g.later <> g.before or e.next_offset > g.ends)
         order by e.topic, e.partition for update of e),
    noted as (
        insert into flow.log_cut (topic, partition, epoch, kept, reached, since, whole_at)
        select k.topic, k.partition, k.later, k.kept, k.next_offset, p_since,
               case when k.topic <> all (p_members) then clock_timestamp() end
          from known k where k.next_offset > k.kept
            on conflict do nothing
        returning flow.log_cut.reached - flow.log_cut.kept as records),
    back as (
        update rm.projection_offset o set next_offset = k.kept, ahead_until = least(o.ahead_until, k.kept), changed_at = now()
          from known k where o.topic = k.topic and o.partition = k.partition and o.next_offset > k.kept
        returning o.topic, o.partition, k.kept),
    -- events whose place may be gone get their new one when they are read there, as all is that comes after it;
    -- -2: what objectives are measured by has counted them
    placeless as (
        update rm.timeline t set "offset" = -2
          from back b
         where ascii(t.topic) = ascii(b.topic) and t.topic = b.topic and t.partition = b.partition
           and t."offset" >= b.kept),
    -- webhooks go back, too: they know each event that they were told of
    webhooks_back as (
        update flow.webhook_cursor c set next_offset = k.kept
          from known k where c.topic = k.topic and c.partition = k.partition and c.next_offset > k.kept),
    moved as (
        update flow.log_end e set epoch = k.later, next_offset = k.ends, seen_at = clock_timestamp()
          from known k where e.topic = k.topic and e.partition = k.partition
        returning 1)
    select (select count(*) from moved), coalesce((select sum(records) from noted), 0) into taken, lost;
    sent := 0;
    if taken > 0 then
        update decide.outbox set published_at = null where published_at >= p_since;
        get diagnostics sent = row_count;
    end if;
    return next;
end $$;
