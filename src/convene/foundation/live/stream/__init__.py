"""The process that tells pages what changed, by Server-Sent Events: `convene stream`.

`app` speaks ASGI, `hub` knows who watches what, `database` is the one thread that reads and renders. All
state is in the database: killed and started again, it tells each page what that page has not seen yet.
"""
