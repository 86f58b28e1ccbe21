-- The row of rm.plan_body with the opportunities and phases of a plan; null: they stand in the plan's row. The history has that
-- row for the event that made the plan. Lists say how many opportunities there are and what they are worth in sum: that stands
-- in the plan's row where these do not. Plans that are there stay as they are.
alter table rm.plan add column if not exists body uuid, add column if not exists opportunity_count integer,
                    add column if not exists worth_brl double precision;
