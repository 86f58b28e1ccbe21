-- By which account of which company's provider a person signs in: found by the issuer and its name for the account, which
-- never change there; the e-mail counts the first time alone. Another e-mail of the person lets go of them.
create table if not exists access.person_identity (
    issuer    text not null,
    subject   text not null,
    person_id text not null references access.person (person_id),
    linked_at timestamptz not null default now(),
    primary key (issuer, subject)
);
create index if not exists person_identity_person on access.person_identity (person_id);
