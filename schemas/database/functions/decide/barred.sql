-- Returns why the caller may not give a command that needs four eyes; null if they may, or if four eyes are off (the
-- gateway's sessions set `marketplace.four_eyes`). The same rule as `barred` of schemas/rules.py.
-- Outcomes: own (the caller uploaded the plan), nobodys (there are people, and the key belongs to none of them), null.
-- Called by: decide.approve_all, decide.run

create or replace function decide.barred(p_actor text, p_uploaded_by text) returns text language plpgsql stable as $$
begin
    if coalesce(current_setting('marketplace.four_eyes', true), '') <> 'on' then
        return null;
    elsif p_actor = p_uploaded_by then
        return 'own';
    elsif exists (select from access.person where ended_at is null)
          and not exists (select from access.person where handle = p_actor and ended_at is null) then
        return 'nobodys';
    end if;
    return null;
end $$;
