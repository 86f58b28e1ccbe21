-- A probe belongs to the call that got it: a token says which. Any call could end the turn of another one's probe before,
-- and so let a second probe go beside it.

alter table flow.breaker add column probe uuid;  -- whose turn it is, while probe_until says so

-- One more column: the token, for the caller that is the probe, null for every other.
drop function flow.breaker_allow(text, double precision, text);
create function flow.breaker_allow(p_name text, p_probe_s double precision, p_actor text)
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

-- Gives back the turn of a probe that was not made. Whoever has another turn, or none, changes nothing.
create function flow.breaker_release(p_name text, p_probe uuid) returns boolean language plpgsql as $$
begin
    update flow.breaker f set probe_until = null, probe = null
     where f.name = p_name and f.probe = p_probe and f.state = 'half_open';
    return found;
end $$;

-- What became of a call, and whether that ends the turn of the probe: only if the call was it. `p_probe` is the call's
-- token, or one of nobody (all zeros) for a call that was no probe; null: not known, as before. Returns the state after it.
create function flow.breaker_report(
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
    elsif p_ok and b.state = 'closed' then
        update flow.breaker f set failures = 0 where f.name = p_name;
    elsif p_ok then
        if b.successes + 1 >= p_successes then
            b := flow.breaker_move(p_name, 'closed', 0, (b.successes + 1) || ' probes succeeded', null, p_actor, false);
        else
            update flow.breaker f
               set successes = successes + 1,
                   probe_until = case when p_probe is null or p_probe = f.probe then null else f.probe_until end
             where f.name = p_name;
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
