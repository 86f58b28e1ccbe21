-- Stops messages about an alert, and about later ones with its key, until a given time.
-- Outcomes: accepted, not_found, resolved.
-- Called by: gateway/operations/alerting.py

create or replace function flow.alert_silence(p_id uuid, p_until timestamptz, p_reason text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    a flow.alert;
begin
    select * into a from flow.alert b where b.alert_id = p_id for update;
    if a.alert_id is null then
        return 'not_found';
    elsif a.state = 'resolved' then
        return 'resolved';
    end if;
    insert into flow.alert_silenced as s (key, until, reason, silenced_by) values (a.key, p_until, p_reason, p_actor)
    on conflict (key) do update set until = excluded.until, reason = excluded.reason, silenced_by = excluded.silenced_by,
                                    silenced_at = clock_timestamp();
    update flow.alert b set state = 'silenced', version = b.version + 1, changed_at = clock_timestamp()
     where b.alert_id = p_id;
    -- what nobody has been told of yet is not told
    delete from flow.alert_notice n where n.alert_id = p_id and n.message_id is null and n.about <> 'resolved';
    perform flow.alert_announce(p_id, 'alert.silenced', p_actor,
        jsonb_build_object('until', (extract(epoch from p_until) * 1000000)::bigint, 'reason', p_reason));
    perform flow.audit('alert:' || a.key, 'alert.silence', p_id::text, 'accepted', p_request, p_actor, p_reason);
    return 'accepted';
end $$;
