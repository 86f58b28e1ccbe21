-- Deletes dead letters on which somebody has decided (`p_state`: replayed, discarded) longer ago than `p_kept`, up to
-- `p_most` of them, with the decisions and the payload that somebody edited. A letter that is sent again now stays,
-- and one that waits for a decision is of neither state. Two gateways at the same time take different letters.
-- Called by: gateway/operations/housekeeping.py

create or replace function flow.dead_forget(p_state text, p_kept interval, p_most integer) returns setof text
language plpgsql as $$
begin
    return query
    with old as (
        select d.record_id from rm.dead_letter d
         where d.state = p_state and d.state in ('discarded', 'replayed') and d.acted_at < now() - p_kept
           and not exists (select from flow.parked p where p.record_id = d.record_id and p.state = 'waiting')
         order by d.acted_at limit p_most for update skip locked
    ), decided as (
        delete from flow.dead_head h using old where h.record_id = old.record_id
    )
    delete from rm.dead_letter d using old where d.record_id = old.record_id returning d.record_id;
end $$;
