-- Moves a breaker to another state, announces it, and notes when a person's trip ended. `p_retry` null with the state
-- open: until a person resets it. The caller holds the row's lock.
-- Outcomes: the row after it. A person's text is encrypted (schemas/written.py) and must not be cut.
-- Called by: flow.breaker_allow, flow.breaker_report, flow.breaker_reset, flow.breaker_trip

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
    said := jsonb_build_object('breaker', p_name, 'failures', p_failures, 'reason',
        case when p_reason like 'by:%' then p_reason else left(p_reason, 500) end);
    if p_state = 'open' then
        said := said || jsonb_build_object('retry_at', coalesce((extract(epoch from p_retry) * 1000000)::bigint, 0));
    end if;
    perform flow.announce(case p_state when 'open' then 'breaker.opened' when 'half_open' then 'breaker.half_opened'
                                       else 'breaker.closed' end,
                          'breaker-' || p_name, b.version, 'breaker:' || p_name, p_actor, said);
    return b;
end $$;
