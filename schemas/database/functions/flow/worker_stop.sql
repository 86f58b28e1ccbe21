-- Records once that a process has stopped, and announces worker.stopped.
-- Called by: schemas/process/liveness.py, streams/watchdog/processes.py

create or replace function flow.worker_stop(p_worker integer, p_reason text) returns void language plpgsql as $$
declare
    w flow.worker;
begin
    update flow.worker set stopped_at = clock_timestamp(), stop_reason = p_reason
     where worker_id = p_worker and stopped_at is null returning * into w;
    if found then
        perform flow.announce('worker.stopped', w.source, 2, w.source, 'system:' || w.role,
            jsonb_build_object('role', w.role, 'reason', p_reason));
    end if;
end $$;
