-- Numbers the incident that a notice belongs to where a notifier keeps incidents. Each telling anew is an
-- incident of its own; a notice that comes after what was told later adds to the incident that is open.
-- `p_version`: of the alert in a notice that goes now, 0 for the incident that is open.
-- Called by: gateway/alerts/queue.py, gateway/operations/pagerduty.py

create or replace function flow.alert_incident(p_alert uuid, p_notifier text, p_version integer)
returns integer language sql stable as $$
    select coalesce(max(m.incident), 1) + (exists (
               select from flow.alert_notice o
                where o.alert_id = p_alert and o.about in ('opened', 'worsened', 'reopened', 'recurred')
                  and o.version > max(m.version) and o.version <= p_version))::integer
      from flow.alert_notice m
     where m.alert_id = p_alert and m.notifier = p_notifier and m.message_id is not null
       and m.about not in ('resolved', 'acknowledged')
$$;
