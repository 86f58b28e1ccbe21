-- Decides many commands in one round trip, in their order; each answer stands at its command's place. Every plan that a
-- task's command concerns is locked first, in one order: two batches over the same plans do not deadlock.
-- Outcomes: those of decide.run, one for each command.
-- Called by: gateway/commands/commands.py

create or replace function decide.run_all(commands decide.command[]) returns jsonb[] language plpgsql as $$
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
    return answers;
end $$;
