"""The JSON that the API takes and gives: one model each, from which the OpenAPI document is made too."""
