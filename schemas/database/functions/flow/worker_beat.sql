-- Writes a process's heartbeat and progress.
-- Outcomes: `end`, why it must end at once (null: go on); `leave`, who asked it to end in order, and why; `known`,
-- whether it is registered; `off`, which flags are off; `at`, the server's clock in seconds since 1970 UTC;
-- `partitions`, how many the topics have that grow, and `dealt_among`, among how many of them new plans are dealt
-- (null: as topics.toml declares).
-- Called by: schemas/process/liveness.py

create or replace function flow.worker_beat(p_worker integer, p_progress jsonb) returns jsonb language plpgsql as $$
declare
    told text;
begin
    update flow.worker set beat_at = clock_timestamp(), progress = p_progress, stopped_at = null, stop_reason = null
     where worker_id = p_worker returning told_to_end into told;
    return jsonb_build_object('end', told, 'known', found, 'at', extract(epoch from clock_timestamp()),
        'leave', (select asked_by || ': ' || reason from flow.worker_asked where worker_id = p_worker),
        'partitions', (select partitions from flow.log_home),
        'dealt_among', (select dealt_among from flow.log_home),
        'off', (select coalesce(jsonb_agg(name), '[]') from flow.flag where not enabled));
end $$;
