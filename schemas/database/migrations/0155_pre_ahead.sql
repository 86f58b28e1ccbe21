-- Up to where records may be shown whose turn has not come: beyond next_offset only while something is ahead of it.
alter table rm.projection_offset add column if not exists ahead_until bigint not null default 0;
