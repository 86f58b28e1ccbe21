-- Stores another payload beside a dead letter's original; the next replay sends it. `p_expect`: the version that the
-- person saw; `p_changed`: JSON pointers of the differences from what a replay would have sent before.
-- Outcomes: accepted, not_found, discarded, version_mismatch.
-- Called by: gateway/operations/letters.py

create or replace function flow.dead_edit(
    p_id text, p_type text, p_data jsonb, p_value bytea, p_headers jsonb, p_reason text, p_expect integer, p_actor text,
    p_changed text[]
) returns jsonb language plpgsql as $$
declare
    h flow.dead_head;
begin
    h := flow.dead_lock(p_id);
    if h.record_id is null then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    elsif h.discarded then
        return jsonb_build_object('record_id', p_id, 'outcome', 'discarded');
    elsif p_expect is not null and p_expect <> h.version then
        return jsonb_build_object('record_id', p_id, 'outcome', 'version_mismatch', 'version', h.version);
    end if;
    update flow.dead_head
       set version = version + 1, edit_type = p_type, edit_data = p_data, edit_value = p_value, edit_headers = p_headers,
           edited_by = p_actor, edited_at = clock_timestamp()
     where record_id = p_id returning * into h;
    perform flow.announce('deadletter.edited', 'deadletter-' || p_id, h.version, 'deadletter:' || p_id, p_actor,
        jsonb_build_object('record_id', p_id, 'reason', p_reason)
        || case when p_changed = '{}' then '{}'::jsonb else jsonb_build_object('changed', p_changed) end);
    return jsonb_build_object('record_id', p_id, 'outcome', 'accepted', 'version', h.version);
end $$;
