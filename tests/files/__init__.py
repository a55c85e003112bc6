"""Files made by script for the tests of the reader: hostile ones and odd but honest ones.

`python -m tests.files FOLDER` writes them all into a folder, to look at them with other programs.
"""
