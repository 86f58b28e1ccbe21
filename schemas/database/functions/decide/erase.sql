-- Erases the document of a plan, as a person asks: all that decide.drop_document deletes, and what its products
-- sold for in figures of later documents, too, also where its own time had come before.
-- Outcomes: those of decide.drop_document.
-- Called by: gateway/operations/erasing.py

create or replace function decide.erase(c decide.command, p_reason text) returns text language plpgsql as $$
declare
    outcome text := decide.drop_document(c, p_reason);
begin
    if outcome in ('accepted', 'unchanged') then
        delete from decide.compared where plan_id = c.id;
        perform decide.forget_compared(c.id);
    end if;
    return outcome;
end $$;
