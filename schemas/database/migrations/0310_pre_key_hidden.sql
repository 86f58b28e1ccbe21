-- Gateways of 0.2.0 know no scopes: to them a limited key is a revoked one. When it really was revoked is in ended_at.
alter table access.api_key add column if not exists ended_at timestamptz;
update access.api_key set ended_at = revoked_at, revoked_at = coalesce(revoked_at, now()) where scopes <> '{}';
