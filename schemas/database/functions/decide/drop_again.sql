-- Ends the waits for analyses that were asked for again, of one channel or, with null, of all: an answer is there, or a
-- person has decided on the plan and no answer counts any more. A wait that was found to be stuck is the watchdog's to
-- close.
-- Called by: decide.record_again, decide.run

create or replace function decide.drop_again(p_plan uuid, p_channel text) returns void language plpgsql as $$
begin
    delete from decide.channel_again where plan_id = p_plan and channel = coalesce(p_channel, channel);
    delete from flow.deadline
     where plan_id = p_plan and kind = 'again' and channel = coalesce(p_channel, channel) and stalled_at is null;
end $$;
