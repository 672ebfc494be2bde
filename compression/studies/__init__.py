"""Floor 6: what is to be done and who does it: presets, plans, lanes, the worker, the supervisor.

``supervisor``, ``presets``, ``estimate`` and ``processes`` import no torch: the server lives with them.
"""
