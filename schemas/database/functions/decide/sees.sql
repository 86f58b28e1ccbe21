-- Returns whether a person sees a plan: operators and admins see all, others the plans of their teams and of no team.
-- True where there are no teams, and for a name that no active person has. The same rule as
-- gateway/access/seeing.py has.
-- Called by: decide.run

create or replace function decide.sees(p_handle text, p_plan uuid) returns boolean language plpgsql stable as $$
begin
    return not exists (select from access.team)
        or not exists (select from access.person p
                        where p.handle = p_handle and p.ended_at is null and p.role in ('viewer', 'analyst'))
        or exists (select from decide.plan_team o
                    where o.plan_id = p_plan
                      and (not exists (select from access.team t where t.team_id = o.team_id)
                           or exists (select from access.team_member m join access.person p using (person_id)
                                       where m.team_id = o.team_id and p.handle = p_handle)));
end $$;
