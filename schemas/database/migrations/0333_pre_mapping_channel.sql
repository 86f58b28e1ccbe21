-- Of which channel people say that sales under a header are, where the document names none; '' where nobody said so.

alter table decide.column_mapping add column if not exists channel text not null default '';
alter table decide.team_mapping add column if not exists channel text not null default '';
