-- Deletes the document of a plan for good: figures, excerpt, what its products sold for, the key of its title and file
-- name, its name beside a mapping, and the bodies sent to webhooks. Plan, tasks and decisions stay, and what
-- later documents were compared with. Puts plan.erased into the outbox. The title may be erased already, with the
-- person who uploaded it. Whoever takes events for a webhook has read the names before: it ends first, or begins after
-- this.
-- Outcomes: accepted; unchanged: it was erased before; working: the system still reads the document; not_found.
-- Called by: decide.erase, decide.erase_old

create or replace function decide.drop_document(c decide.command, p_reason text) returns text language plpgsql as $$
declare
    h decide.head;
    nameless boolean := false;
begin
    select * into h from decide.head where stream = 'plan-' || c.id for update;
    if not found then
        return 'not_found';
    end if;
    if exists (select from flow.deadline where plan_id = c.id) then
        return 'working';
    end if;
    insert into decide.data_key as k (plan_id, key, erased_at) values (c.id, null, now())
    on conflict (plan_id) do update set key = null, erased_at = now() where k.erased_at is null;
    if not found then
        nameless := true;
        if not exists (select from decide.document where plan_id = c.id) then
            return 'unchanged';
        end if;
    end if;
    delete from decide.document where plan_id = c.id;
    delete from decide.channel_sold where plan_id = c.id;
    delete from decide.channel_returned where plan_id = c.id;
    update decide.column_mapping set document = '' where document = (select filename from rm.plan where plan_id = c.id);
    update decide.team_mapping set document = '' where document = (select filename from rm.plan where plan_id = c.id);
    perform from flow.webhook order by webhook_id for share;
    delete from flow.webhook_delivery where plan_id = c.id and type = 'plan.uploaded';
    perform decide.put_outbox('plan.events', 'plan.erased', 'erasure-' || c.id,
        case when nameless then 2 else 1 end, c.id, c, c.event_id,
        jsonb_build_object('plan_id', c.id, 'reason', p_reason), h.traceparent);
    return 'accepted';
end $$;
