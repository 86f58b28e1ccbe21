-- By which account of a company's provider a browser was signed in, and which sign-in that is there: the provider ends it.
alter table access.session
    add column if not exists issuer text,   -- null: by a key or a link, or opened before this was written down
    add column if not exists subject text,
    add column if not exists provider_sign_in text;
create index if not exists session_subject on access.session (issuer, subject) where issuer is not null;
create index if not exists session_provider on access.session (issuer, provider_sign_in) where provider_sign_in is not null;
