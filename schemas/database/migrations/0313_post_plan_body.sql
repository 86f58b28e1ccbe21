-- From here on the history keeps apart what several events of a plan say alike: whoever reads it knows where that stands.
-- projections/timeline/apart.py looks for this constraint.
alter table rm.plan_body add constraint plan_body_read check (json_typeof(said) = 'object');
