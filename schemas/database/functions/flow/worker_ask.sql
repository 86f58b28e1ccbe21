-- Asks a process to end in order, records who asked and why, and audits it. The process reads it with its next
-- heartbeat.
-- Outcomes: accepted, unchanged, not_found.
-- Called by: gateway/operations/ending.py

create or replace function flow.worker_ask(p_source text, p_reason text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    w flow.running;
begin
    select * into w from flow.running r where r.source = p_source and r.connected;
    if w.worker_id is null then
        return 'not_found';
    end if;
    insert into flow.worker_asked (worker_id, asked_by, reason) values (w.worker_id, p_actor, p_reason)
        on conflict do nothing;
    if not found then
        return 'unchanged';
    end if;
    perform flow.audit('process:' || p_source, 'process.end', p_source, 'accepted', p_request, p_actor, p_reason);
    return 'accepted';
end $$;
