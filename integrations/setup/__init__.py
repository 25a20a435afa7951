"""Setting a store up in five steps: app, credentials, resource, options, finish.

The connection is made as soon as the store has accepted the credentials, and each further step writes on it. So
nothing is kept in the browser or in the session, secrets least of all, and whoever goes back, or comes back tomorrow,
finds what was entered.
"""
