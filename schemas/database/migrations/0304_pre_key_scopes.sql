-- A key can be limited beyond its role (gateway/access/scopes.py); an empty list is no limit.
alter table access.api_key add column if not exists scopes text[] not null default '{}';
