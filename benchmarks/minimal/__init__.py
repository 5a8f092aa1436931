"""The least Django application that shows a workshop and gives its seats: the floor of benchmarks/web.py.

Sessions, CSRF, login and the usual headers, as any Django site has; one table of workshops, their sessions
and registrations; a seat claimed by a conditional UPDATE with a row for mail and one for audit. No
languages, zones, audiences, policies, pools, movements, links, design system.
"""
