"""A Python type for each event's data, generated from `schemas/avro` by `make events`. Do not edit by hand."""
