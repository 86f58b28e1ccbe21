-- Ends what a plan waits for, because nobody needs it any more. One that was found to be stuck is the watchdog's to
-- close.
-- Called by: decide.run

create or replace function decide.lift_deadlines(p_plan uuid) returns void language plpgsql as $$
begin
    delete from flow.deadline where plan_id = p_plan and stalled_at is null;
end $$;
