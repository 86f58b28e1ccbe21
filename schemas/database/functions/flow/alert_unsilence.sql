-- Ends a silence before its time; the engine's next look sends what is due.
-- Outcomes: accepted, unchanged, not_found.
-- Called by: gateway/operations/alerting.py

create or replace function flow.alert_unsilence(p_id uuid, p_request text, p_actor text) returns text language plpgsql as $$
declare
    k text;
begin
    select a.key into k from flow.alert a where a.alert_id = p_id;
    if k is null then
        return 'not_found';
    end if;
    delete from flow.alert_silenced s where s.key = k;
    if not found then
        return 'unchanged';
    end if;
    perform flow.audit('alert:' || k, 'alert.unsilence', p_id::text, 'accepted', p_request, p_actor);
    return 'accepted';
end $$;
