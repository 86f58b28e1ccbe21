-- Begins a plan's wait for the system: `analysis` or `phase1`. A wait that has begun goes on. The watchdog's settings
-- say when it is due; the row that ends the wait in the read model deletes it.
-- Called by: decide.run, decide.upload

create or replace function decide.set_deadline(p_plan uuid, p_kind text) returns void language plpgsql as $$
begin
    insert into flow.deadline (plan_id, kind) values (p_plan, p_kind) on conflict do nothing;
end $$;
