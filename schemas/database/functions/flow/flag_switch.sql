-- Switches a feature on or off, keeps the reason, and audits it.
-- Outcomes: accepted, unchanged, not_found.
-- Called by: gateway/operations/switching.py

create or replace function flow.flag_switch(p_name text, p_enabled boolean, p_reason text, p_request text, p_actor text)
returns text language plpgsql as $$
declare
    f flow.flag;
begin
    select * into f from flow.flag g where g.name = p_name for update;
    if f.name is null then
        return 'not_found';
    elsif f.enabled = p_enabled then
        return 'unchanged';
    end if;
    update flow.flag g set enabled = p_enabled, reason = p_reason, changed_by = p_actor, changed_at = clock_timestamp(),
                           version = version + 1
     where g.name = p_name;
    perform flow.audit('flag:' || p_name, case when p_enabled then 'flag.on' else 'flag.off' end, p_name, 'accepted',
                       p_request, p_actor, p_reason);
    return 'accepted';
end $$;
