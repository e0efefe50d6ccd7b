"""Reads a partner's file into plain rows and problems. Pure: knows no models and no requests.

`source` opens and decodes, `guessing` proposes a mapping, `labels` lists what is to be mapped,
`tables` reads counts and rates, `people` counts a file of persons, `child` runs any of these in
a process of its own with limits, `messages` turns codes into sentences.
"""
