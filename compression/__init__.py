"""Weigh-In's engine room: run compression methods on a model, measure the results, choose between them.

The packages are floors, and imports point down only:

    studies (6) > report (5) > decision (4) > methods (3) > measurement (2) > catalog (1) > store (0)

``errors`` lies below all of them. Nothing in here knows Streamlit.
"""
