-- Records that a person works on an alert: it is no longer escalated.
-- Outcomes: accepted, unchanged, not_found, resolved.
-- Called by: gateway/operations/alerting.py

create or replace function flow.alert_acknowledge(p_id uuid, p_note text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    a flow.alert;
begin
    select * into a from flow.alert b where b.alert_id = p_id for update;
    if a.alert_id is null then
        return 'not_found';
    elsif a.state = 'resolved' then
        return 'resolved';
    elsif a.acknowledged_at is not null then
        return 'unchanged';
    end if;
    update flow.alert b
       set state = case when b.state = 'open' then 'acknowledged' else b.state end, acknowledged_at = clock_timestamp(),
           acknowledged_by = p_actor, note = p_note, version = b.version + 1, changed_at = clock_timestamp()
     where b.alert_id = p_id;
    perform flow.alert_announce(p_id, 'alert.acknowledged', p_actor, jsonb_build_object('note', p_note));
    perform flow.audit('alert:' || a.key, 'alert.acknowledge', p_id::text, 'accepted', p_request, p_actor, p_note);
    return 'accepted';
end $$;
