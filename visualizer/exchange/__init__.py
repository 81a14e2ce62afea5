"""Exchange: what leaves a page and what comes in.

Programs, LaTeX, CSV and JSON; and files that set a scenario. They take what they need of a page as
plain data, and know no page by name. Links belong to `visualizer.scenario`.
"""
