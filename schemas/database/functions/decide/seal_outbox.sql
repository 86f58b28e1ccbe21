-- Seals a row of the outbox that has no seal: HMAC-SHA256 (RFC 2104) over what its record is made of, each part after
-- its length, the data last. The session of who decides has the key's id and both padded keys: marketplace.outbox_seal
-- (schemas/outbox_seal.py, which asks for the same bytes). Without them the row stays unsealed. What a trace says is
-- not sealed. A trigger of decide.outbox.
-- Called by: schemas/database/migrations/0306_post_outbox_seal.sql,
-- schemas/database/migrations/0340_post_unannounced_sealed.sql

create or replace function decide.seal_outbox() returns trigger language plpgsql as $$
declare
    own text[] := string_to_array(current_setting('marketplace.outbox_seal', true), ':');
    headers text;
begin
    if cardinality(own) = 3 then
        headers := new.raw_headers;
        new.seal := own[1] || '.' || encode(sha256(decode(own[3], 'hex') || sha256(
            decode(own[2], 'hex')
            || convert_to(concat(
                new.event_id, length(new.topic), ':', new.topic, length(new.key), ':', new.key, length(new.type), ':', new.type,
                length(new.stream), ':', new.stream, new.version, ':', new.occurred_at, ':',
                length(new.causation_id), ':', new.causation_id, length(new.correlation_id), ':', new.correlation_id,
                length(new.actor), ':', new.actor, encode(sha256(new.raw), 'hex'), ':', length(headers), ':', headers), 'UTF8')
            || jsonb_send(new.data))), 'hex');
    end if;
    return new;
end $$;
