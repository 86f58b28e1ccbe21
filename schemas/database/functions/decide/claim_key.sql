-- Takes the idempotency key of a command, within its transaction: a concurrent request with the same key waits and
-- gets the same answer. Returns the earlier answer with `replayed`; null if the key is new.
-- Outcomes: key_reused, if the key came with a different request; else that of the earlier answer.
-- Called by: decide.run, decide.upload

create or replace function decide.claim_key(c decide.command) returns jsonb language plpgsql as $$
declare
    kept record;
begin
    insert into decide.idempotency (scope, key, request_hash, response)
    values (c.scope, c.key, c.request_hash, '{}') on conflict do nothing;
    if found then
        return null;
    end if;
    select request_hash, response into kept from decide.idempotency where scope = c.scope and key = c.key;
    if kept.request_hash <> c.request_hash then
        return jsonb_build_object('outcome', 'key_reused');
    end if;
    return kept.response || '{"replayed": true}';
end $$;
