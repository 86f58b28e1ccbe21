-- Decides many commands in one round trip, in their order; each answer stands at its command's place. Every plan that a
-- task's command concerns is locked first, in one order: two batches over the same plans do not deadlock. What was
-- decided and what was refused is written of each by one statement, in the same transaction: who gave the command, from
-- which address (at its command's place), the status before and after, and what was given with it: no comments, and up
-- to 4000 characters (MOST_GIVEN of schemas/audit.py). An answer that is given again is not written. Earlier versions
-- do not say from where.
-- Outcomes: those of decide.run, one for each command.
-- Called by: gateway/commands/commands.py

create or replace function decide.run_all(commands decide.command[], addresses text[]) returns jsonb[]
language plpgsql as $$
declare
    answers jsonb[] := '{}';
    c decide.command;
begin
    perform 1 from decide.head
      where stream in (select 'plan-' || t.plan_id from unnest(commands) a join rm.task t on t.task_id = a.id
                        where a.command like 'task.%')
      order by stream for update;
    foreach c in array commands loop
        answers := answers || decide.run(c);
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

create or replace function decide.run_all(commands decide.command[]) returns jsonb[] language sql as $$
    select decide.run_all(commands, array_fill(''::text, array[cardinality(commands)]))
$$;
