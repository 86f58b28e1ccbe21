-- Stores an alert that opens, unless one with its key is still open.
-- Outcomes: the open alert with this key.
-- Called by: gateway/alerts/store.py

create or replace function flow.alert_open(
    p_id uuid, p_key text, p_kind text, p_subject text, p_severity text, p_state text, p_finding jsonb, p_text text,
    p_evidence text, p_advice text, p_runbook text, p_since timestamptz, p_opened timestamptz
) returns uuid language plpgsql as $$
begin
    insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice, runbook, since,
                            opened_at)
    values (p_id, p_key, p_kind, p_subject, p_severity, p_state, p_finding, p_text, p_evidence, p_advice, p_runbook, p_since,
            p_opened)
    on conflict do nothing;
    if not found then
        return (select a.alert_id from flow.alert a where a.key = p_key and a.state <> 'resolved');
    end if;
    perform flow.alert_announce(p_id, 'alert.opened', 'system:alerts', jsonb_build_object('state', p_state));
    return p_id;
end $$;
