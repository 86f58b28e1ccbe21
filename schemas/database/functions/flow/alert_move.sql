-- Stores the engine's change of an alert, unless a person changed it meanwhile; the next look then sees that.
-- Outcomes: whether it was stored.
-- Called by: gateway/alerts/store.py

create or replace function flow.alert_move(
    p_id uuid, p_version integer, p_what text, p_state text, p_severity text, p_escalations integer, p_at timestamptz
) returns boolean language plpgsql as $$
begin
    update flow.alert
       set state = p_state, severity = p_severity, version = p_version, changed_at = clock_timestamp(),
           acknowledged_at = case when p_what in ('worsened', 'recurred') then null else acknowledged_at end,
           acknowledged_by = case when p_what in ('worsened', 'recurred') then '' else acknowledged_by end,
           note = case when p_what in ('worsened', 'recurred') then '' else note end,
           escalations = p_escalations,
           -- what is told anew is escalated when nobody acknowledges it from then on
           escalated_at = case when p_what in ('escalated', 'worsened', 'recurred', 'reopened') then p_at
                               else escalated_at end,
           resolved_at = case when p_what = 'resolved' then p_at end
     where alert_id = p_id and version = p_version - 1 and state <> 'resolved';
    if not found then
        return false;
    end if;
    perform flow.alert_announce(p_id, case p_what when 'worsened' then 'alert.worsened' when 'escalated' then 'alert.escalated'
                                             when 'resolved' then 'alert.resolved' when 'recurred' then 'alert.opened'
                                             else 'alert.silenced' end,
        'system:alerts', case p_what
            when 'escalated' then jsonb_build_object('step', p_escalations)
            when 'resolved' then (select jsonb_build_object('lasted_ms',
                (extract(epoch from p_at - least(a.opened_at, a.since)) * 1000)::bigint) from flow.alert a where a.alert_id = p_id)
            when 'worsened' then '{}'::jsonb
            when 'recurred' then jsonb_build_object('state', p_state)
            else jsonb_build_object('until', 0, 'reason', '') end);
    return true;
end $$;
