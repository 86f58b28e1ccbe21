-- Replaces the data of an event that is set aside, and keeps the original. The gateway has checked the new data, and
-- that the row is as it was decided: in this transaction, since the row is sealed anew. Only
-- a row that the relay has marked takes it; the lock keeps the row from being released meanwhile. The same edit again
-- has no further effect. `p_expect`: how many edits the person has seen, null for any.
-- Outcomes: accepted, not_found, published, on_its_way, behind, raw, version_mismatch.
-- Called by: gateway/operations/mending.py

create or replace function decide.mend_outbox(
    p_seq bigint, p_data jsonb, p_expect integer, p_reason text, p_request text, p_actor text
) returns jsonb language plpgsql as $$
declare
    o decide.outbox;
    edits integer;
begin
    select * into o from decide.outbox where seq = p_seq for update;
    select count(*) into edits from decide.outbox_edit e where e.seq = p_seq;
    if o.seq is null or (o.held_at is null and edits = 0) then
        return jsonb_build_object('outcome', 'not_found');
    elsif exists (select from decide.outbox_edit e where e.seq = p_seq and e.edit = edits and e.actor = p_actor
                     and e.reason = p_reason and o.data::text = p_data::text) then
        return jsonb_build_object('outcome', 'accepted', 'edits', edits);
    elsif o.published_at is not null then
        return jsonb_build_object('outcome', 'published');
    elsif o.held_at is null then
        return jsonb_build_object('outcome', 'on_its_way');
    elsif o.held_why is null then
        return jsonb_build_object('outcome', 'behind');
    elsif o.raw_headers is not null then
        return jsonb_build_object('outcome', 'raw');
    elsif p_expect is not null and p_expect <> edits then
        return jsonb_build_object('outcome', 'version_mismatch', 'edits', edits);
    end if;
    insert into decide.outbox_edit (seq, edit, before, reason, actor)
    values (p_seq, edits + 1, o.data, p_reason, p_actor);
    update decide.outbox set data = p_data, seal = null where seq = p_seq;  -- it is sealed anew (decide.seal_outbox)
    perform flow.audit('outbox', 'outbox.edit', p_seq::text, 'accepted', p_request, p_actor, p_reason);
    return jsonb_build_object('outcome', 'accepted', 'edits', edits + 1);
end $$;
