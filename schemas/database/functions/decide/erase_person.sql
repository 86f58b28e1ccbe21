-- Erases for good the key of a person's texts, and the titles and file names of that person's documents. The person
-- must have ended. Plans, tasks and decisions stay. Puts a plan.erased, of names only, into the outbox for each plan.
-- Of the outbox only a plan that is not shown yet is believed: its upload stands there still, so no other row can.
-- Outcomes: `plans`, how many; `named_in_log`: the log has some of their names unencrypted; `in_log_until`: texts
-- before this time are unencrypted in the log, null if there are none.
-- Called by: gateway/operations/people.py

create or replace function decide.erase_person(c decide.command, p_handle text, p_reason text) returns jsonb
language plpgsql as $$
declare
    h decide.head;
    one uuid;
    since timestamptz;
    plans integer := 0;
    named boolean := false;
begin
    -- whoever takes events for a webhook has read names: it ends first, or begins after this
    perform from flow.webhook order by webhook_id for share;
    -- in the order in which batches of commands lock plans
    for one in select plan_id from rm.plan where uploaded_by = p_handle
                union select u.plan_id from decide.outbox o join decide.head u on u.stream = o.stream
                       where o.type = 'plan.uploaded' and o.version = 1 and o.actor = p_handle
                         and not exists (select from rm.plan p where p.plan_id = u.plan_id)
                order by 1 loop
        select * into h from decide.head where stream = 'plan-' || one for update;
        if not exists (select from decide.data_key where plan_id = one) then
            named := true;
        end if;
        insert into decide.data_key as k (plan_id, key, erased_at) values (one, null, now())
        on conflict (plan_id) do update set key = null, erased_at = now() where k.erased_at is null;
        continue when not found;
        plans := plans + 1;
        update decide.document set facts = jsonb_set(facts, '{title}', '""') where plan_id = one;
        delete from flow.webhook_delivery where plan_id = one and type = 'plan.uploaded';
        perform decide.put_outbox('plan.events', 'plan.erased', 'erasure-' || one, 1, one, c,
            md5(c.event_id::text || one::text)::uuid,
            jsonb_build_object('plan_id', one, 'reason', p_reason, 'names_only', true), h.traceparent);
    end loop;
    update decide.column_mapping set document = '' where made_by = p_handle
        or document in (select filename from rm.plan where uploaded_by = p_handle and filename <> '');
    update decide.team_mapping set document = '' where made_by = p_handle
        or document in (select filename from rm.plan where uploaded_by = p_handle and filename <> '');
    -- a person has a key from the moment on in which he is made; not those who were there before there were keys
    select min(made_at) into since from decide.writer_key where actor = p_handle;
    update decide.writer_key set key = null, erased_at = now() where actor = p_handle and key is not null;
    perform flow.audit('access', 'person.erase', p_handle, 'accepted', c.causation_id, c.actor, p_reason);
    return jsonb_build_object('plans', plans, 'named_in_log', named, 'in_log_until',
        (select nullif(coalesce(since, now()), made_at) from access.person where handle = p_handle));
end $$;
