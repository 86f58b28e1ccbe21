-- What a person asked the watchdog to do about a wait at once, and for which channels (none: all that are missing).
alter table flow.deadline
    add column if not exists requested          text check (requested in ('recover', 'move_on')),
    add column if not exists requested_channels text[] not null default '{}';
