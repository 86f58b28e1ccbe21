-- Reserves the highest cost of a call in the current month (UTC), if the budget allows it, over all agents and
-- processes: they take turns. What a process reserved before it died counts as spent.
-- Outcomes: the month in which the call counts; null if it would exceed the budget.
-- Called by: streams/analysis/spending.py

create or replace function flow.agent_reserve(p_agent text, p_cost double precision, p_budget double precision)
returns date language plpgsql as $$
declare
    this_month date := date_trunc('month', clock_timestamp() at time zone 'UTC');
begin
    if p_budget is not null then
        perform pg_advisory_xact_lock(hashtextextended('flow.agent_spend', 0));
        if (select coalesce(sum(cost), 0) from flow.agent_spend where month = this_month) + p_cost > p_budget then
            return null;
        end if;
    end if;
    insert into flow.agent_spend as s (month, agent, calls, cost) values (this_month, p_agent, 1, p_cost)
    on conflict (month, agent) do update set calls = s.calls + 1, cost = s.cost + excluded.cost;
    return this_month;
end $$;
