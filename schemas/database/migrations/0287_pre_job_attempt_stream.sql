-- The stream of the event that was to be handled: of a request for an analysis it names the channel. '' where nobody
-- noted it, as for attempts from before.
alter table flow.job_attempt add column if not exists stream text not null default '';
