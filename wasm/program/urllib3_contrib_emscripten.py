"""Takes the place of urllib3's module of this name, which is made for Pyodide, and wants its `js`."""
# SPDX-License-Identifier: MIT


def inject_into_urllib3():
    """Do nothing: connections are urllib3's own here."""
