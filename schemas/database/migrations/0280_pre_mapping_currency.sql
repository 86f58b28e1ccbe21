-- What people say that sales under a header are in, where the document does not tell it; '' where nobody said so.

alter table decide.column_mapping add column if not exists currency text not null default '';
alter table decide.column_mapping drop constraint if exists column_mapping_currency;
alter table decide.column_mapping add constraint column_mapping_currency check (currency ~ '^([A-Z]{3})?$');
