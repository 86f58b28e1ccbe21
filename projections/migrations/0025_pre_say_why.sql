-- What a person did says why, and which fields of a payload were changed. A gateway of before, whose schema does not
-- know these, calls the functions as before: they leave out what is empty.

-- The audit of an operator's command that is no plan's or task's, with the reason where one was given.
create function flow.audit(
    p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text, p_reason text
) returns void language sql as $$
    select flow.announce('command.audited', 'audit-' || gen_random_uuid(), 1, p_source, p_actor,
        jsonb_build_object('command', p_command, 'target', p_target, 'outcome', p_outcome, 'request_id', p_request)
        || case when p_reason = '' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end)
$$;

create or replace function flow.audit(
    p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text
) returns void language sql as $$
    select flow.audit(p_source, p_command, p_target, p_outcome, p_request, p_actor, '')
$$;

-- As before, and the reason stays when the next one has switched it.
create or replace function flow.flag_switch(p_name text, p_enabled boolean, p_reason text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    f flow.flag;
begin
    select * into f from flow.flag g where g.name = p_name for update;
    if f.name is null then
        return 'not_found';
    elsif f.enabled = p_enabled then
        return 'unchanged';
    end if;
    update flow.flag g set enabled = p_enabled, reason = p_reason, changed_by = p_actor, changed_at = clock_timestamp(),
                           version = version + 1
     where g.name = p_name;
    perform flow.audit('flag:' || p_name, case when p_enabled then 'flag.on' else 'flag.off' end, p_name, 'accepted',
                       p_request, p_actor, p_reason);
    return 'accepted';
end $$;

-- As before, with the reason.
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

-- As before; `p_changed` are JSON pointers of what differs from the payload that a replay would have sent until now.
create function flow.dead_edit(
    p_id text, p_type text, p_data jsonb, p_value bytea, p_headers jsonb, p_reason text, p_expect integer, p_actor text,
    p_changed text[]
) returns jsonb language plpgsql as $$
declare
    h flow.dead_head;
begin
    perform 1 from rm.dead_letter where record_id = p_id and dead_at is not null;
    if not found then
        return jsonb_build_object('record_id', p_id, 'outcome', 'not_found');
    end if;
    h := flow.dead_lock(p_id);
    if h.discarded then
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

create or replace function flow.dead_edit(
    p_id text, p_type text, p_data jsonb, p_value bytea, p_headers jsonb, p_reason text, p_expect integer, p_actor text
) returns jsonb language sql as $$
    select flow.dead_edit(p_id, p_type, p_data, p_value, p_headers, p_reason, p_expect, p_actor, '{}')
$$;
