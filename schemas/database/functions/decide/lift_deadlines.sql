-- Ends a plan's waits for the system, because nobody needs them any more. The watchdog closes a wait that it has found
-- stalled.
-- Called by: decide.run

create or replace function decide.lift_deadlines(p_plan uuid) returns void language plpgsql as $$
begin
    delete from flow.deadline where plan_id = p_plan and stalled_at is null;
end $$;
