-- Stores the result of a channel that was analysed again, and changes the plan with it, in one transaction. A failed
-- analysis (plan.channel.kept) changes neither. `p_seen`: the plan's version that `p_plan`, the data of plan.analyzed,
-- was made from.
-- Outcomes: recorded; ended: another request replaced this one, it was answered, or a person has decided on the plan;
-- moved: the plan has another version by now, so make `p_plan` again.
-- Called by: streams/analysis/again.py

create or replace function decide.record_again(
    c decide.command, p_type text, p_channel text, p_request uuid, p_seen integer, p_plan_event uuid, p_plan jsonb
) returns text language plpgsql as $$
declare
    h decide.head;
    own integer;
begin
    select * into h from decide.head where stream = 'plan-' || c.id for update;
    perform 1 from decide.channel_again where plan_id = c.id and channel = p_channel and request_id = p_request;
    if not found then
        return 'ended';
    end if;
    if p_plan is not null and h.version <> p_seen then
        return 'moved';
    end if;
    update decide.channel_result
       set version = version + 1,
           type = case when p_plan is null then type else p_type end,
           event_id = case when p_plan is null then event_id else c.event_id end,
           data = case when p_plan is null then data else c.data end
     where plan_id = c.id and channel = p_channel returning version into own;
    perform decide.put_outbox('plan.events', p_type, 'plan-' || c.id || '.' || p_channel, own, c.id, c, c.event_id, c.data);
    if p_plan is not null then
        update decide.head set version = version + 1, changed_at = now() where stream = h.stream returning * into h;
        c.causation_id := c.event_id::text;
        perform decide.put_outbox('plan.events', 'plan.analyzed', h.stream, h.version, c.id, c, p_plan_event, p_plan);
    end if;
    perform decide.drop_again(c.id, p_channel);
    return 'recorded';
end $$;
