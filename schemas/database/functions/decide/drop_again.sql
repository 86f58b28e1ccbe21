-- Ends the waits for requested analyses, of one channel or, with null, of all: an answer is there, or a person has
-- decided on the plan and answers no longer count. The watchdog closes a wait that it has found stalled.
-- Called by: decide.record_again, decide.run

create or replace function decide.drop_again(p_plan uuid, p_channel text) returns void language plpgsql as $$
begin
    delete from decide.channel_again where plan_id = p_plan and channel = coalesce(p_channel, channel);
    delete from flow.deadline
     where plan_id = p_plan and kind = 'again' and channel = coalesce(p_channel, channel) and stalled_at is null;
end $$;
