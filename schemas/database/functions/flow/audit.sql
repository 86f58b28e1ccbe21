-- Announces an operator's action that is no command to a plan or task. An empty `p_reason` is left out of the event.
-- Called by: gateway/operations/letters.py, gateway/operations/switching.py, decide.erase_person, decide.mend_outbox,
-- flow.alert_acknowledge, flow.alert_silence, flow.alert_test, flow.alert_unsilence, flow.flag_switch, flow.give_up,
-- flow.retry_now, flow.worker_ask

create or replace function flow.audit(
    p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text, p_reason text
) returns void language sql as $$
    select flow.announce('command.audited', 'audit-' || gen_random_uuid(), 1, p_source, p_actor,
        jsonb_build_object('command', p_command, 'target', p_target, 'outcome', p_outcome, 'request_id', p_request)
        || case when p_reason = '' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end)
$$;

create or replace function flow.audit(
    p_source text, p_command text, p_target text, p_outcome text, p_request text, p_actor text
) returns void language sql as $$
    select flow.audit(p_source, p_command, p_target, p_outcome, p_request, p_actor, '')
$$;
