-- Puts a channel's comparison with the earlier document into the outbox. Only the first one counts.
-- Outcomes: true; false if it was done before, or the document has no days of this channel.
-- Called by: streams/analysis/comparing.py

create or replace function decide.record_comparison(c decide.command, p_channel text) returns boolean language plpgsql as $$
begin
    update decide.channel_period set compared = true where plan_id = c.id and channel = p_channel and not compared;
    if not found then
        return false;
    end if;
    perform decide.put_outbox('plan.events', 'plan.channel.compared', 'comparison-' || c.id || '.' || p_channel, 1, c.id,
                              c, c.event_id, c.data);
    return true;
end $$;
