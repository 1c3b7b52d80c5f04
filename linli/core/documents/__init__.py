"""Reading what somebody uploads: in a process of its own with limits, before any transaction.

``limits``, ``stop_reading``, ``zip_archives`` and ``fork_server`` run in that process: they import
no Django.
``reader`` is the one door to it. Decision 0024 says why it is forked from a warm process.
"""
