-- Requests another analysis of a channel, gives it its time, and returns the fields that the event adds to the
-- command. It replaces an earlier request, whose answer then no longer counts.
-- Called by: decide.run

create or replace function decide.ask_again(c decide.command, h decide.head, p_version integer) returns jsonb language plpgsql as $$
declare
    asked text := c.data ->> 'channel';
begin
    insert into decide.channel_again (plan_id, channel, request_id, version, analyst)
    values (h.plan_id, asked, c.event_id, p_version, c.data ->> 'analyst')
    on conflict (plan_id, channel) do update
       set request_id = excluded.request_id, version = excluded.version, analyst = excluded.analyst, asked_at = now();
    -- one that was found to be stuck is the watchdog's to close: it does so at once, and gives this one its own time
    delete from flow.deadline
     where plan_id = h.plan_id and kind = 'again' and channel = asked and stalled_at is null;
    insert into flow.deadline (plan_id, kind, channel) values (h.plan_id, 'again', asked)
    on conflict (plan_id, kind, channel) do update set check_from = 'epoch';
    return (select jsonb_build_object('document_id', p.document_id, 'priority', p.priority, 'result_version', r.version)
              from rm.plan p join decide.channel_result r on r.plan_id = p.plan_id and r.channel = asked
             where p.plan_id = h.plan_id);
end $$;
