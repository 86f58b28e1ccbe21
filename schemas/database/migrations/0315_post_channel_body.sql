-- From here on a channel keeps its opportunities and phases apart, where its history does: whoever reads it knows where they stand.
-- projections/timeline/apart.py looks for this constraint.
alter table rm.plan_channel add constraint plan_channel_body_read
    check (body is null or (opportunities = '[]' and phases = '[]'));
