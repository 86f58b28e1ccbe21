-- Decides one command to a plan or task in one transaction: compares and sets the head, and puts the event into the
-- outbox. The rules are rows of decide.rule, made from schemas/lifecycle.py. The same key with the same request gives
-- the first answer again; a refusal is not stored, so its key can be used again. The version in an answer is never one
-- that is only reserved. An approval copies the plan from the read model, so it is refused if that is behind. If there
-- are people, a task can be assigned only to those of them who see its plan. With four eyes, somebody other than the
-- uploader approves. The event of an added task is in the task's own stream.
-- Outcomes: accepted, unchanged, not_found, version_mismatch, wrong_status, four_eyes, unknown_person, cannot_see,
-- too_many_tasks, key_reused. An unknown command raises.
-- Called by: decide.run_all

create or replace function decide.run(c decide.command) returns jsonb language plpgsql as $$
declare
    r decide.rule;
    h decide.head;
    answer jsonb;
    payload jsonb;
    next_version integer;
    plan_trace text;
    was text;
    offered boolean := true;      -- plan.channel.analyse_again: the document has the channel
    under_way boolean := false;   -- and is being analysed so again already
    read_version integer;         -- plan.approve: of the plan as people see it
    shown jsonb;
    uploaded_by text;
    bar text;                     -- why somebody else has to approve
    people jsonb;                 -- task.assign: whom it can be assigned to, where it is to be somebody else
    blind boolean := false;       -- who does not see the plan
begin
    select * into r from decide.rule where command = c.command;
    if not found then
        raise exception 'no rule for command %', c.command;
    end if;
    if r.kind = 'task' then
        -- plan before task, always: two last tasks that end at once wait for each other here
        select traceparent into plan_trace from decide.head
         where stream = 'plan-' || coalesce((select plan_id from rm.task where task_id = c.id),
                                            (select plan_id from decide.head where stream = 'task-' || c.id)) for update;
    else
        h := decide.current_head(r.kind, c.id);
        plan_trace := h.traceparent;
    end if;

    if c.key is not null then
        -- after the plan's lock, always: one that had its key first, and a batch that had the plan first, would wait for
        -- each other
        answer := decide.claim_key(c);
        if answer is not null then
            return answer;
        end if;
    end if;
    if r.kind = 'task' then
        h := decide.current_head(r.kind, c.id);  -- makes it, where this is the first command to the task
    end if;

    -- A table in a condition below would be asked for every command, so what only one needs is looked up here.
    if c.command = 'plan.approve' and h.stream is not null then
        select p.version, jsonb_build_object('channels', to_jsonb(p.channels), 'priority', p.priority)
               || coalesce((select b.said::jsonb from rm.plan_body b where b.plan_id = p.plan_id and b.digest = p.body),
                           jsonb_build_object('opportunities', p.opportunities, 'phases', p.phases)), p.uploaded_by
          into read_version, shown, uploaded_by from rm.plan p where p.plan_id = c.id;
        if r.four_eyes then
            bar := decide.barred(c.actor, uploaded_by);
        end if;
    elsif c.command = 'plan.channel.analyse_again' and h.stream is not null then
        offered := exists (select from decide.document d
                            where d.plan_id = h.plan_id and c.data ->> 'channel' = any (d.channels));
        under_way := exists (select from decide.channel_again a
                              where a.plan_id = h.plan_id and a.channel = c.data ->> 'channel'
                                and a.analyst = c.data ->> 'analyst');
    elsif c.command = 'task.assign' and c.data ->> 'assignee' <> '' then
        select jsonb_agg(p.handle order by p.handle) into people from access.person p
         where p.ended_at is null having count(*) > 0 and not bool_or(p.handle = c.data ->> 'assignee');
        if people is null and not decide.sees(c.data ->> 'assignee', h.plan_id) then
            blind := true;
            select coalesce(jsonb_agg(p.handle order by p.handle), '[]') into people from access.person p
             where p.ended_at is null and decide.sees(p.handle, h.plan_id);
        end if;
    end if;

    if h.stream is null or not offered then
        answer := jsonb_build_object('outcome', 'not_found');
    elsif h.status = any (r.already) and not c.data ? 'phase1' then
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version - h.reserved,
                                     'plan_id', h.plan_id);
    elsif under_way then
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version, 'plan_id', h.plan_id);
    elsif c.command = 'plan.phase.start' and (c.data ->> 'phase')::integer <= h.phase
          and (h.status = r.to_status or h.status = any (r.from_status)) then  -- it has begun
        answer := jsonb_build_object('outcome', 'unchanged', 'status', h.status, 'version', h.version - h.reserved,
                                     'plan_id', h.plan_id);
    elsif c.expect is not null and c.expect <> h.version - h.reserved then
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version - h.reserved);
    elsif not h.status = any (r.from_status) then
        answer := jsonb_build_object('outcome', 'wrong_status', 'status', h.status, 'version', h.version - h.reserved);
    elsif bar is not null then
        answer := jsonb_build_object('outcome', 'four_eyes', 'status', h.status, 'version', h.version - h.reserved,
                                     'uploaded_by', uploaded_by, 'bar', bar);
    elsif c.command = 'plan.approve' and (
              c.expect is null and h.version > 2  -- a channel was analysed again: nobody knows which plan was read
              or h.version > read_version) then  -- nobody can have read it
        answer := jsonb_build_object('outcome', 'version_mismatch', 'status', h.status, 'version', h.version);
    elsif people is not null then
        answer := jsonb_build_object('outcome', case when blind then 'cannot_see' else 'unknown_person' end,
                                     'status', h.status, 'version', h.version - h.reserved, 'people', people);
    elsif c.command = 'plan.task.add' then
        answer := decide.add_task(c, h);
    else
        next_version := h.version + 1;
        was := h.status;
        payload := c.data || jsonb_build_object('plan_id', h.plan_id);
        if r.kind = 'task' then
            payload := payload || jsonb_build_object('task_id', c.id);
        end if;
        if c.command = 'plan.approve' then
            payload := payload || shown;
        elsif c.command = 'task.retry' then
            payload := payload || jsonb_build_object('attempt', h.tries + 1);
        elsif c.command = 'plan.channel.analyse_again' then
            payload := payload || decide.ask_again(c, h, next_version);
        end if;
        update decide.head
           set status = case
                   when c.command = 'task.assign' and h.status <> 'started'
                       then case when c.data ->> 'assignee' = '' then 'open' else 'assigned' end
                   else coalesce(r.to_status, h.status) end,
               version = next_version + r.reserve,
               reserved = r.reserve,
               phase = case when c.command = 'plan.phase.start' then (c.data ->> 'phase')::integer else phase end,
               tries = tries + case when c.command = 'task.retry' then 1 else 0 end,
               changed_at = now()
         where stream = h.stream returning * into h;
        if c.command = 'task.assign' then
            payload := payload || jsonb_build_object('status', h.status);
        elsif c.command = 'plan.cancel' then
            perform decide.cancel_tasks(c);
        end if;
        perform decide.put_outbox(case r.kind when 'plan' then 'plan.events' else 'task.events' end,
            r.event_type, h.stream, next_version, h.plan_id, c, c.event_id, payload, plan_trace);
        if r.kind = 'plan' and r.to_status is not null and next_version > 3 then
            -- a request to analyse a channel again has a version after plan.analyzed, which is the second
            perform decide.drop_again(h.plan_id, null);
        end if;
        if c.command = 'plan.approve' then
            perform decide.set_deadline(h.plan_id, 'phase1');
        elsif c.command = 'plan.cancel' then
            perform decide.lift_deadlines(h.plan_id);
        elsif c.command = 'plan.phase.start' then
            perform decide.create_tasks(c, h);
        end if;
        if r.kind = 'task' then
            if h.status in (select s.status from decide.status s where s.kind = 'task' and s.final) then
                perform decide.complete_plan(h.plan_id, c);
            end if;
        end if;
        answer := jsonb_build_object('outcome', 'accepted', 'status', h.status, 'version', next_version,
                                     'plan_id', h.plan_id, 'event_id', c.event_id, 'traceparent', plan_trace,
                                     'was', was);
    end if;

    if c.key is not null then
        if answer ->> 'outcome' in ('accepted', 'unchanged') then
            update decide.idempotency set response = answer where scope = c.scope and key = c.key;
        else
            -- a refusal is not latched: the same key may be tried again when the plan has moved
            delete from decide.idempotency where scope = c.scope and key = c.key;
        end if;
    end if;
    return answer;
end $$;
