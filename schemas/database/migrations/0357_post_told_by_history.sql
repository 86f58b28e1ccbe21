-- From here on channels and Phase 1 leave to the history what it says of them: whoever reads them knows where it stands.
-- projections/timeline/apart.py looks for this constraint, for plans, too.
alter table rm.plan_channel add constraint plan_channel_told_read
    check (told_by is null or (summary = '' and limits = '[]' and checks = '[]' and repairs = '[]'));
