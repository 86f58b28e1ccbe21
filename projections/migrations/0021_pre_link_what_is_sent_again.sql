-- What a person sends again stays in the trace of its plan, and is linked to the request that asked for it.
-- The request says its trace context for its transaction: set_config('marketplace.request_trace', ..., true).

alter table flow.replay_job add column traceparent text;

-- As before, with the link.
create or replace function flow.put_raw(
    p_topic text, p_key text, p_type text, p_value bytea, p_headers jsonb, p_request text, p_actor text, p_traceparent text
) returns void language plpgsql as $$
declare
    made uuid := gen_random_uuid();
begin
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, traceparent, link, raw, raw_headers)
    values (made, p_topic, p_key, p_type, 'raw-' || made, 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint,
            p_request, p_key, p_actor, '{}', p_traceparent, nullif(current_setting('marketplace.request_trace', true), ''),
            p_value, p_headers);
end $$;

-- As before, in the name of the request that began the job.
create or replace function flow.replay_turn() returns integer language plpgsql as $$
declare
    j flow.replay_job;
    i record;
    allowed integer;
    moved integer := 0;
    said jsonb;
begin
    for j in select * from flow.replay_job where state = 'running' order by created_at for update skip locked loop
        allowed := floor(least(extract(epoch from clock_timestamp() - j.moved_at), greatest(1.0, 1.0 / j.rate)) * j.rate);
        if allowed < 1 then
            continue;
        end if;
        perform set_config('marketplace.request_trace', coalesce(j.traceparent, ''), true);
        for i in select position, record_id from flow.replay_item
                  where job_id = j.job_id and outcome is null order by position limit allowed loop
            said := flow.dead_replay(i.record_id, j.force, j.actor, j.request_id);
            update flow.replay_item set outcome = said ->> 'outcome', at = clock_timestamp()
             where job_id = j.job_id and position = i.position;
            moved := moved + 1;
        end loop;
        update flow.replay_job set moved_at = clock_timestamp() where job_id = j.job_id;
        if not exists (select 1 from flow.replay_item where job_id = j.job_id and outcome is null) then
            update flow.replay_job set state = 'done', ended_at = clock_timestamp() where job_id = j.job_id;
        end if;
    end loop;
    return moved;
end $$;
