-- Tasks are found by their due days by task_due_first, and overdue ones by task_due_status.
drop index if exists rm.task_due;
