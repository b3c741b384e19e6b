"""The dataset in Datasette: metadata from the schemas, canned queries, the server."""
