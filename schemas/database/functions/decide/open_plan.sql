-- Opens the stream of a new plan: version 1 is plan.uploaded, version 2 is reserved for plan.analyzed.
-- Called by: decide.upload

create or replace function decide.open_plan(c decide.command) returns void language plpgsql as $$
begin
    insert into decide.head (stream, kind, plan_id, status, version, reserved, traceparent)
    values ('plan-' || c.id, 'plan', c.id, 'analyzing', 2, 1, c.traceparent);
end $$;
