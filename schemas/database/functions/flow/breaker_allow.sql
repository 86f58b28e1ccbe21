-- Says whether a call to a dependency may go. A half-open breaker allows one caller, the probe, for `p_probe_s`
-- seconds and gives it a token; a probe that does not report in that time loses its turn.
-- Outcomes: allowed, when to ask again, the state, and the token of the probe (null for any other call).
-- Called by: gateway/alerts/breaker.py, streams/breakers/breakers.py, streams/watchdog/care.py

create or replace function flow.breaker_allow(p_name text, p_probe_s double precision, p_actor text)
returns table (allowed boolean, retry_at timestamptz, state text, probe uuid) language plpgsql as $$
declare
    b flow.breaker;
    token uuid := gen_random_uuid();
begin
    select * into b from flow.breaker f where f.name = p_name;
    if b.name is null or b.state = 'closed' then
        return query select true, null::timestamptz, 'closed', null::uuid;
        return;
    end if;
    if exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled) then
        return query select true, null::timestamptz, b.state, null::uuid;
        return;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'closed' then
        return query select true, null::timestamptz, b.state, null::uuid;
    elsif b.state = 'open' and (b.retry_at is null or b.retry_at > clock_timestamp()) then
        return query select false, b.retry_at, b.state, null::uuid;
    elsif b.state = 'half_open' and b.probe_until > clock_timestamp() then
        return query select false, b.probe_until, b.state, null::uuid;
    else
        if b.state = 'open' then
            b := flow.breaker_move(p_name, 'half_open', b.failures, 'the time is over: one probe may go', null, p_actor, false);
        end if;
        -- a probe that never came back has lost its turn
        update flow.breaker f set probe_until = clock_timestamp() + make_interval(secs => p_probe_s), probe = token
         where f.name = p_name;
        return query select true, null::timestamptz, 'half_open', token;
    end if;
end $$;
