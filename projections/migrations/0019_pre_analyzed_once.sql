-- That plan.analyzed was put on its way was known from its row in the outbox only, which goes an hour after it was
-- published: a work item that came again after that (a dead letter replayed) made the event once more. The head knows.
alter table decide.head add column analyzed boolean not null default false;
update decide.head h set analyzed = true
 where kind = 'plan'
   and (status in ('awaiting_approval', 'approved', 'executing', 'completed', 'rejected')
        or exists (select from decide.outbox o where o.stream = h.stream and o.version = 2)
        or exists (select from rm.plan p where p.plan_id = h.plan_id and p.analyzed_at is not null));

create or replace function decide.finish_analysis(c decide.command) returns boolean language plpgsql as $$
begin
    update decide.head set analyzed = true where stream = 'plan-' || c.id and not analyzed;
    if not found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.analyzed', 'plan-' || c.id, 2, c.id, c, c.event_id, c.data);
    return true;
end $$;
