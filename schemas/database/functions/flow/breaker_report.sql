-- Counts the result of a call. In a half-open breaker only the probe counts, once. `p_probe`: the call's token, all
-- zeros for a call that was no probe; null or left out: unknown, it counts as the probe.
-- Outcomes: the state after it.
-- Called by: gateway/alerts/breaker.py, streams/breakers/breakers.py, streams/watchdog/care.py

create or replace function flow.breaker_report(
    p_name text, p_ok boolean, p_reason text, p_failures integer, p_reset_s double precision, p_successes integer, p_actor text,
    p_probe uuid
) returns text language plpgsql as $$
declare
    b flow.breaker;
begin
    if p_ok then
        -- the common case costs a read
        select * into b from flow.breaker f where f.name = p_name;
        if b.name is null or (b.state = 'closed' and b.failures = 0) then
            return 'closed';
        end if;
    else
        insert into flow.breaker (name) values (p_name) on conflict do nothing;
    end if;
    select * into b from flow.breaker f where f.name = p_name for update;
    if b.state = 'open' then
        return 'open';  -- a call that began before: nothing new
    elsif b.state = 'half_open' and p_probe is distinct from b.probe and p_probe is not null then
        return 'half_open';  -- a call that began before, or a probe that has lost its turn
    elsif p_ok and b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
    elsif p_ok then
        if b.successes + 1 >= p_successes then
            b := flow.breaker_move(p_name, 'closed', 0, (b.successes + 1) || ' probes succeeded', null, p_actor, false);
        else
            -- the turn is over: the same probe counts once
            update flow.breaker f set successes = successes + 1, probe_until = null, probe = null where f.name = p_name;
        end if;
    else
        -- failures that are long past are no sign of anything now
        if b.state = 'closed' and b.failed_at < clock_timestamp() - make_interval(secs => 5 * p_reset_s) then
            b.failures := 0;
        end if;
        update flow.breaker f set failures = b.failures + 1, failed_at = clock_timestamp() where f.name = p_name;
        if b.state = 'half_open' or (b.failures + 1 >= p_failures
                and not exists (select 1 from flow.flag f where f.name = 'circuit_breaker' and not f.enabled)) then
            b := flow.breaker_move(p_name, 'open', b.failures + 1, p_reason,
                                   clock_timestamp() + make_interval(secs => p_reset_s), p_actor, false);
        end if;
    end if;
    return (select f.state from flow.breaker f where f.name = p_name);
end $$;

create or replace function flow.breaker_report(
    p_name text, p_ok boolean, p_reason text, p_failures integer, p_reset_s double precision, p_successes integer, p_actor text
) returns text language sql as $$
    select flow.breaker_report(p_name, p_ok, p_reason, p_failures, p_reset_s, p_successes, p_actor, null)
$$;
