-- Puts plan.analyzed into the outbox as version 2, which the upload has reserved; once for each plan.
-- Outcomes: true; false if it was done before, or there is no such plan.
-- Called by: streams/analysis/results.py

create or replace function decide.finish_analysis(c decide.command) returns boolean language plpgsql as $$
begin
    update decide.head set analyzed = true where stream = 'plan-' || c.id and not analyzed;
    if not found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.analyzed', 'plan-' || c.id, 2, c.id, c, c.event_id, c.data);
    return true;
end $$;
