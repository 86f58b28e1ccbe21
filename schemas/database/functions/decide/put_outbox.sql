-- Puts one event of a plan or task into the outbox, in the trace of the plan. `p_plan_trace`: the trace that the
-- upload began; null for events that are in it already. The command's own trace is linked. If only the command's trace
-- is recorded, it is the parent and the plan's is linked.
-- Called by: decide.add_task, decide.ask_recovery, decide.cancel_tasks, decide.complete_plan, decide.create_tasks,
-- decide.drop_document, decide.erase_person, decide.finish_analysis, decide.record_again, decide.record_channel,
-- decide.record_comparison, decide.run, decide.upload

create or replace function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb,
    p_plan_trace text
) returns void language plpgsql as $$
declare
    parent text := coalesce(c.traceparent, p_plan_trace);
    other text;
begin
    if substr(p_plan_trace, 4, 32) <> substr(c.traceparent, 4, 32) then
        if decide.is_sampled(c.traceparent) and not decide.is_sampled(p_plan_trace) then
            other := p_plan_trace;
        else
            parent := p_plan_trace;
            other := c.traceparent;
        end if;
    end if;
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                               correlation_id, actor, data, traceparent, link)
    values (p_event, p_topic, p_plan::text, p_type, p_stream, p_version, c.at, c.causation_id,
            p_plan::text, c.actor, p_data, parent, other);
end $$;

create or replace function decide.put_outbox(
    p_topic text, p_type text, p_stream text, p_version integer, p_plan uuid, c decide.command, p_event uuid, p_data jsonb
) returns void language plpgsql as $$
begin
    perform decide.put_outbox(p_topic, p_type, p_stream, p_version, p_plan, c, p_event, p_data, null);
end $$;
