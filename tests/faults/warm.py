"""What the server does once that the processes of these tests are forked from.

It is imported there, and nowhere else. The work is done on a database that is thrown away, so that
every forked process has the words, the holidays and the late imports at hand, which each would read
anew otherwise: two thirds of the time that a send takes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from storage.migrate import upgrade
from tests.faults.sending import NINE, prepare, work

with tempfile.TemporaryDirectory() as _folder:
    _url = f"sqlite:///{_folder}/warm.sqlite"
    upgrade(_url)
    work(_url, prepare(_url, Path(_folder)), NINE)
