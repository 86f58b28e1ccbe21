-- A cost that a person took back stays as a row, so that what comes late of it changes nothing.
alter table rm.unit_cost add column if not exists deleted boolean not null default false;
