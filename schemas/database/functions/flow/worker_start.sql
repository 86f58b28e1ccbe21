-- Registers a process that has started, and announces worker.started.
-- Outcomes: its number; the process holds the advisory lock of that number from then on.
-- Called by: schemas/process/liveness.py

create or replace function flow.worker_start(p_source text, p_role text, p_host text, p_pid integer, p_born double precision, p_version text)
returns integer language plpgsql as $$
declare
    made integer;
begin
    insert into flow.worker (source, role, host, pid, born, version)
    values (p_source, p_role, p_host, p_pid, p_born, p_version) returning worker_id into made;
    perform flow.announce('worker.started', p_source, 1, p_source, 'system:' || p_role,
        jsonb_build_object('role', p_role, 'host', p_host, 'pid', p_pid, 'code_version', p_version));
    return made;
end $$;
