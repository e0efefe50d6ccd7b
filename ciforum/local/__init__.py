"""The whole application on one machine: `python -m ciforum.local serve|stop|status|where`.

environment   the virtual environment, before anything is installed
ports         a free port, held from the first moment
running       who runs, so that nothing is started twice or left behind
preparation   database up to date, demonstration loaded, or nothing to do
supervisor    starts everything in order, watches it, stops it in order
cleaning      removes what all this has made
"""
