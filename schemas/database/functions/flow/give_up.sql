-- Makes dead letters of waiting records, with the person's reason; their copies in the topics no longer count. Answers
-- are in the records' places. Records behind the first one of a plan are released.
-- Outcomes: accepted, unchanged, resolved, not_found.
-- Called by: gateway/operations/retrying.py

create or replace function flow.give_up(p_ids text[], p_reason text, p_actor text, p_request text) returns jsonb[]
language plpgsql as $$
declare
    answers jsonb[] := '{}';
    id text;
    p flow.parked;
    kept jsonb;
begin
    perform 1 from flow.parked where record_id = any (p_ids) order by record_id for update;
    foreach id in array p_ids loop
        select * into p from flow.parked where record_id = id;
        if p.record_id is null then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'not_found');
        elsif p.state = 'given_up' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'unchanged', 'state', p.state);
        elsif p.state <> 'waiting' then
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'resolved', 'state', p.state);
        else
            update flow.parked set state = 'given_up', resolved_at = clock_timestamp(), behind = '', tier = 'agents.dlq'
             where record_id = id;
            kept := flow.without(p.headers, '{x-next-attempt-at,x-parked-behind,x-given-up-by,x-given-up-reason}');
            if p.code = '' then
                kept := flow.without(kept, '{x-error-code,x-error-message}') || jsonb_build_array(
                    jsonb_build_array('x-error-code', 'given-up'), jsonb_build_array('x-error-message', p_reason));
            end if;
            perform flow.put_raw('agents.dlq', p.key, p.type, p.value, kept || jsonb_build_array(
                    jsonb_build_array('x-given-up-by', p_actor), jsonb_build_array('x-given-up-reason', p_reason)),
                p_request, p_actor, p.traceparent);
            perform flow.audit('retries', 'retry.give-up', id, 'accepted', p_request, p_actor, p_reason);
            if flow.head_before(p) is null then
                perform flow.release_behind(p, p_actor, p_request);
            end if;
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;
