-- Tasks in the order of their due days, those without a day last: by an index, and not by a sort of all of them. The
-- expression stands in projections/tasks/reads.py as well; a day that was taken away early is infinity, of which none can
-- be subtracted. It takes the place of task_due, so a task costs no more.

create index if not exists task_due_first on rm.task ((least(coalesce(due_on, '9999-12-31'), '9999-12-31') - '2000-01-01'::date));
