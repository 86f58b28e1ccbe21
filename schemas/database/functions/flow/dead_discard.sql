-- Discards a dead letter, with a reason.
-- Outcomes: accepted, unchanged, not_found.
-- Called by: gateway/operations/discarding.py

create or replace function flow.dead_discard(p_id text, p_reason text, p_actor text) returns jsonb language plpgsql as $$
declare
    h flow.dead_head;
begin
    h := flow.dead_lock(p_id);
    if h.record_id is null then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    elsif h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'unchanged');
    end if;
    update flow.dead_head set version = version + 1, discarded = true where record_id = p_id returning * into h;
    perform flow.announce('deadletter.discarded', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason));
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted');
end $$;
