import contextlib
import sqlite3
import tempfile
import unittest
from pathlib import Path

from runner import chat


class MessagesInATransaction(unittest.TestCase):
    def test_are_told_by_what_sqlite_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "chat.db"
            with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                for transaction in (
                    # As the chat makes them: the tables with the first room, then a user, then messages.
                    "CREATE TABLE rooms (id); CREATE TABLE users (id); CREATE TABLE messages (id); INSERT INTO rooms VALUES (1)",
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO messages VALUES (1)",
                    "INSERT INTO messages VALUES (2); INSERT INTO messages VALUES (3)",
                ):
                    connection.executescript(f"BEGIN; {transaction}; COMMIT")
                self.assertEqual(chat.sqlite_messages_per_transaction(file), 1.5)
