-- A record that waits behind another one has no time of its own: when a person sends the first one on its way, or gives
-- it up, those behind it go, too, in their order. They waited for up to the first one's delay before. 500 follow at once;
-- what is left comes when its time has come.
create function flow.release_behind(p flow.parked, p_actor text, p_request text) returns void language plpgsql as $$
declare
    f flow.parked;
begin
    if p.grp <> 'agents' or p.key = '' then
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
            perform flow.audit('retries', 'retry.give-up', id, 'accepted', p_request, p_actor);
            if flow.head_before(p) is null then
                perform flow.release_behind(p, p_actor, p_request);
            end if;
            answers := answers || jsonb_build_object('record_id', id, 'outcome', 'accepted');
        end if;
    end loop;
    return answers;
end $$;
