-- Retries waiting records at once, and releases those behind them. Answers are in the records' places.
-- Outcomes: accepted, unchanged, behind, resolved, not_found.
-- Called by: gateway/operations/retrying.py

create or replace function flow.retry_now(p_ids text[], p_actor text, p_request text) returns jsonb[] language plpgsql as $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    head text;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        head := flow.head_before(p);
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        elsif head is not null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'behind', 'behind', head);
        elsif p.due_at <= clock_timestamp() then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged');
        else
            update flow.parked set due_at = clock_timestamp(), behind = '', tier = flow.replay_topic(p.grp, p.orig_topic)
             where record_id = id;
            perform flow.put_raw(flow.replay_topic(p.grp, p.orig_topic), p.key, p.type, p.value, p.headers, p_request,
                                 p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.now', id, 'accepted', p_request, p_actor);
            perform flow.release_behind(p, p_actor, p_request);
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;
