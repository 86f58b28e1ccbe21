-- Columns that nothing read. Who did what, and when, stands in the audit log.
alter table flow.column_proposal drop column if exists asked_by;
alter table access.person_identity drop column if exists linked_at;
alter table access.team_member drop column if exists since;
alter table access.sign_in_link drop column if exists made_at;
alter table decide.data_key drop column if exists made_at;
alter table flow.worker_asked drop column if exists asked_at;
alter table flow.log_home drop column if exists noted_at;
