-- Takes the next turn of the running replays, for any gateway: as many letters as each rate allows since its last
-- turn, at most for one second, and at most 50 letters or a second in all. The replay that waited longest goes first.
-- A letter that cannot be sent is marked as failed and stops nothing else.
-- Outcomes: the number of letters sent or refused; 0 if nothing is due.
-- Called by: gateway/operations/replaying.py

create or replace function flow.replay_turn() returns integer language plpgsql as $$
declare
    j flow.replay_job;
    i record;
    allowed integer;
    moved integer := 0;
    became text;
begin
    for j in select * from flow.replay_job where state = 'running' order by moved_at for update skip locked loop
        -- 50 letters, or a second: the next turn comes soon, and takes the others first
        exit when moved >= 50 or clock_timestamp() > statement_timestamp() + interval '1 second';
        allowed := floor(least(extract(epoch from clock_timestamp() - j.moved_at), greatest(1.0, 1.0 / j.rate)) * j.rate);
        if allowed < 1 then
            continue;
        end if;
        perform set_config('marketplace.request_trace', coalesce(j.traceparent, ''), true);
        for i in select position, record_id from flow.replay_item
                  where job_id = j.job_id and outcome is null order by position limit least(allowed, 50) loop
            exit when clock_timestamp() > statement_timestamp() + interval '1 second';
            begin
                became := flow.dead_replay(i.record_id, j.force, j.actor, j.request_id) ->> 'outcome';
            exception when data_exception or program_limit_exceeded or integrity_constraint_violation then
                became := 'failed';
            end;
            update flow.replay_item set outcome = became, at = clock_timestamp()
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
