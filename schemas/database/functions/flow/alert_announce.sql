-- Puts an event about an alert's current state into the outbox.
-- Called by: flow.alert_acknowledge, flow.alert_move, flow.alert_open, flow.alert_silence

create or replace function flow.alert_announce(p_id uuid, p_type text, p_actor text, p_more jsonb) returns void
language sql as $$
    select flow.announce(p_type, 'alert-' || a.alert_id, a.version, 'alert:' || a.key, p_actor,
        jsonb_build_object('alert', a.alert_id, 'key', a.key, 'kind', a.kind, 'severity', a.severity, 'text', a.text) || p_more)
      from flow.alert a where a.alert_id = p_id
$$;
