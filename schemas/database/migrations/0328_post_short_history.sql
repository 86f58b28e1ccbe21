-- From here on a row of the history leaves out of its data the plan's id, which it has in a column, and the names of what stands
-- apart: whoever reads the history puts them back. projections/timeline/apart.py looks for this constraint.
alter table rm.plan_channel add constraint plan_channel_short_read check (status <> '');
