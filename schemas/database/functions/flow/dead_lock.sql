-- Locks and returns the decisions on a dead letter; makes the row if there is none. Null if there is no such letter.
-- Called by: gateway/operations/letters.py, flow.dead_discard, flow.dead_edit, flow.dead_replay

create or replace function flow.dead_lock(p_id text) returns flow.dead_head language plpgsql as $$
declare
    h flow.dead_head;
begin
    if not exists (select from rm.dead_letter where record_id = p_id and dead_at is not null) then
        return null;
    end if;
    insert into flow.dead_head (record_id) values (p_id) on conflict do nothing;
    select * into h from flow.dead_head where record_id = p_id for update;
    return h;
end $$;
