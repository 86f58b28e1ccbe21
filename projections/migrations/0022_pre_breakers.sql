-- In half-open only the probe that has the turn counts. A call that began before the breaker opened counted, too: its
-- success towards the two that close it, and its failure opened it again.
-- And until when a person held calls back is kept: who waited for that is given time from then on.

alter table flow.breaker add column held_until timestamptz;  -- when the last hold of a person ended

-- As before, and notes the end of a person's hold: now, or when its time was over.
create or replace function flow.breaker_move(
    p_name text, p_state text, p_failures integer, p_reason text, p_retry timestamptz, p_actor text, p_forced boolean
) returns flow.breaker language plpgsql as $$
declare
    b flow.breaker;
    said jsonb;
begin
    update flow.breaker
       set state = p_state, failures = p_failures, successes = 0, reason = p_reason, retry_at = p_retry,
           probe_until = null, forced = p_forced, version = version + 1, changed_at = clock_timestamp(),
           opened_at = case when p_state = 'open' and state = 'closed' then clock_timestamp()
                            when p_state = 'closed' then null else opened_at end,
           held_until = case when state = 'open' and forced then least(retry_at, clock_timestamp()) else held_until end
     where name = p_name returning * into b;
    said := jsonb_build_object('breaker', p_name, 'failures', p_failures, 'reason', left(p_reason, 500));
    if p_state = 'open' then
        said := said || jsonb_build_object('retry_at', coalesce((extract(epoch from p_retry) * 1000000)::bigint, 0));
    end if;
    perform flow.announce(case p_state when 'open' then 'breaker.opened' when 'half_open' then 'breaker.half_opened'
                                       else 'breaker.closed' end,
                          'breaker-' || p_name, b.version, 'breaker:' || p_name, p_actor, said);
    return b;
end $$;

-- As before, but for what counts. `p_probe` null: not known, as of a process of an earlier version; it counts as the probe.
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
