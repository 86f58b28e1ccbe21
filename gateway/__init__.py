"""The HTTP side: API, pages, the command line, the relay of the outbox, and the alert engine.

- `routes` (the API) and `ui/pages` (the pages) take requests; `shapes` has the JSON, `ui/words` the texts.
- `commands` sends what people ask to the database, which decides. `operations` does what operators ask.
- `uploads` and `intake` read documents. `outbox` publishes events.
- `verdict` finds what is wrong, and words it in `verdict/words`. `alerts` sends it to people.
"""
