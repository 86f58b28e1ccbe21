-- From here on plans and tasks are counted where they change. Nobody writes them until all of them are counted.
lock table rm.plan, rm.task in share row exclusive mode;

create or replace trigger tally_came after insert on rm.plan referencing new table as came
    for each statement execute function flow.tally_plans();
create or replace trigger tally_moved after update on rm.plan referencing old table as went new table as came
    for each statement execute function flow.tally_plans();
create or replace trigger tally_went after delete on rm.plan referencing old table as went
    for each statement execute function flow.tally_plans();
create or replace trigger tally_emptied after truncate on rm.plan for each statement execute function flow.tally_plans();

create or replace trigger tally_came after insert on rm.task referencing new table as came
    for each statement execute function flow.tally_tasks();
create or replace trigger tally_moved after update on rm.task referencing old table as went new table as came
    for each statement execute function flow.tally_tasks();
create or replace trigger tally_went after delete on rm.task referencing old table as went
    for each statement execute function flow.tally_tasks();
create or replace trigger tally_emptied after truncate on rm.task for each statement execute function flow.tally_tasks();

delete from rm.tally;
insert into rm.tally (kind, status, partial, empty, slot, n)
select 'plan', status, status = 'awaiting_approval' and partial,
       status = 'awaiting_approval'
       and case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end, 0, count(*)
  from rm.plan group by 1, 2, 3, 4
union all
select 'task', status, false, false, 0, count(*) from rm.task group by status;
