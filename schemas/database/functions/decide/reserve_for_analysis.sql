-- Reserves, in the head of a new plan, the version of plan.analyzed.
-- Called by: the trigger of decide.head

create or replace function decide.reserve_for_analysis() returns trigger language plpgsql as $$
begin
    if new.kind = 'plan' and new.status = 'analyzing' then
        new.reserved := 1;
    end if;
    return new;
end $$;
create or replace trigger reserve_for_analysis before insert on decide.head
    for each row execute function decide.reserve_for_analysis();
