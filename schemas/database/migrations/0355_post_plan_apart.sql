-- From here on a plan keeps its opportunities and phases apart, where its history does: whoever reads it knows where they stand.
-- projections/timeline/apart.py looks for the constraint that 0357 makes.
alter table rm.plan add constraint plan_apart_read
    check (body is null or (opportunities = '[]' and phases = '[]' and opportunity_count is not null));
