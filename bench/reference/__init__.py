"""A plain django-oauth-toolkit provider, as its documentation builds one and then tuned: what ours is measured against.

A project of its own, in processes of its own: it imports nothing of the portal.
"""
