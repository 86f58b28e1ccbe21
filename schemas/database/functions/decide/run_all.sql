-- Decides many commands in one round trip, in their order; each answer is in its command's place. It first locks all
-- plans in one order, so that two batches do not deadlock. Approvals with nothing in their way are decided together,
-- all others one by one. In the same transaction it writes an audit entry for each decision and refusal: caller,
-- address, status before and after, and up to 4000 characters of what was given (MOST_GIVEN of schemas/audit.py),
-- without comments. A repeated answer gets no entry. Commands and answers are JSON; earlier versions give an array
-- without addresses. Statements are planned once a session, because planning takes longer than a decision.
-- Outcomes: those of decide.run, one for each command.
-- Called by: gateway/commands/calling.py, decide.run_and_read

create or replace function decide.run_all(commands decide.command[], addresses text[]) returns jsonb[]
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    answers jsonb[] := '{}';
begin
    if cardinality(commands) > 1 then  -- one by itself locks what it needs, and is decided sooner alone
        perform 1 from decide.head
          where stream in (select 'plan-' || a.id from unnest(commands) a where a.command like 'plan.%'
                            union all
                           select 'plan-' || t.plan_id from unnest(commands) a join rm.task t on t.task_id = a.id
                            where a.command like 'task.%'
                            union all  -- of a task that cannot be read yet
                           select 'plan-' || t.plan_id from unnest(commands) a join decide.head t on t.stream = 'task-' || a.id
                            where a.command like 'task.%')
          order by stream for update;
        answers := decide.approve_all(commands);
    end if;
    for place in 1 .. cardinality(commands) loop
        if answers[place] is null then
            answers[place] := decide.run(commands[place]);
        end if;
    end loop;
    insert into audit.entry (actor, key_id, address, action, kind, target, plan_id, outcome, before, after, reason,
                             request_id)
    select a.actor, a.scope, a.address, a.command, split_part(a.command, '.', 1), a.id,
           case when a.command like 'plan.%' then a.id else (a.answer ->> 'plan_id')::uuid end,
           a.answer ->> 'outcome',
           case when a.answer ? 'was' then jsonb_build_object('status', a.answer -> 'was') end,
           jsonb_build_object('status', a.answer -> 'status', 'version', a.answer -> 'version')
           || case when length(a.data::text) <= 4000 then jsonb_build_object('given', a.data - 'comment' - 'reason')
                   else jsonb_build_object('given_characters', length(a.data::text)) end,
           coalesce(a.data ->> 'reason', ''), a.causation_id
      from unnest(commands, addresses, answers)
           as a (command, id, scope, key, request_hash, expect, event_id, at, causation_id, actor, traceparent, data,
                 address, answer)
     where not a.answer ? 'replayed';
    return answers;
end $$;

create or replace function decide.run_all(commands jsonb, addresses text[]) returns jsonb language plpgsql as $$
begin
    return to_jsonb(decide.run_all(
        array(select c from jsonb_populate_recordset(null::decide.command, commands) c), addresses));
end $$;

create or replace function decide.run_all(commands decide.command[]) returns jsonb[] language sql as $$
    select decide.run_all(commands, array_fill(''::text, array[cardinality(commands)]))
$$;
