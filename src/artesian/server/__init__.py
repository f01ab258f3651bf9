"""Floor 5: the HTTP server: application, access checks, limits; `routes/` has one module a family, `wire/` H2O's JSON shapes.

`create_app(settings)` is in `app`, `serve(settings)` in `run`; nothing heavy is imported here, so that the command line
answers at once.
"""
