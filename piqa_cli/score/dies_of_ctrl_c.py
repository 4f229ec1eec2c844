"""Makes the process that imports it die of Ctrl-C without a word.

The server that front processes are forked from imports it first. A terminal sends Ctrl-C to all
processes, and Python would answer in the middle of the import of torch with a traceback. Once the
server has imported all, it ignores the signal by itself, and ends with the run.
"""

import signal
import threading

if threading.current_thread() is threading.main_thread():  # nobody else may choose
    signal.signal(signal.SIGINT, signal.SIG_DFL)
