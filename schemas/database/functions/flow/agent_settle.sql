-- Replaces the reserved cost of a call by its real cost.
-- Outcomes: none.
-- Called by: streams/analysis/spending.py

create or replace function flow.agent_settle(
    p_month date, p_agent text, p_input bigint, p_output bigint, p_seconds double precision, p_more double precision
) returns void language sql as $$
    update flow.agent_spend
       set input_tokens = input_tokens + p_input, output_tokens = output_tokens + p_output,
           seconds = seconds + p_seconds, cost = greatest(0, cost + p_more)
     where month = p_month and agent = p_agent
$$;
