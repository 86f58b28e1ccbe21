-- Puts a test message into the queue of a notifier, to see whether messages arrive.
-- Called by: gateway/operations/alerting.py

create or replace function flow.alert_test(p_id uuid, p_notifier text, p_body jsonb, p_request text, p_actor text)
returns void language plpgsql as $$
begin
    insert into flow.alert_message (message_id, notifier, body, due_at) values (p_id, p_notifier, p_body, now());
    perform flow.audit('alert:' || p_notifier, 'alert.test', p_notifier, 'accepted', p_request, p_actor);
end $$;
