-- Says whether a traceparent's trace is recorded.
-- Outcomes: true, false; null without a traceparent.
-- Called by: decide.approve_all, decide.put_outbox

create or replace function decide.is_sampled(p_traceparent text) returns boolean language sql immutable as $$
    select substr(p_traceparent, 55, 1) in ('1', '3', '5', '7', '9', 'b', 'd', 'f')
$$;
