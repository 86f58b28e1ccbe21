-- Begins the wait of a plan for the system, from now on: `analysis` or `phase1`. One that has begun goes on. The
-- watchdog says when it is due; the row goes with the read model's row that ends the wait.
-- Called by: decide.run, decide.upload

create or replace function decide.set_deadline(p_plan uuid, p_kind text) returns void language plpgsql as $$
begin
    insert into flow.deadline (plan_id, kind) values (p_plan, p_kind) on conflict do nothing;
end $$;
