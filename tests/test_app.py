"""The server: what it leaves undone."""

from streamlit.watcher.polling_path_watcher import PollingPathWatcher

import app


def test_no_file_is_looked_at_any_more(tmp_path):
    closed = []

    class Watcher(PollingPathWatcher):
        def close(self):
            super().close()
            closed.append(self)

    (tmp_path / "config.toml").touch()
    watcher = Watcher(str(tmp_path / "config.toml"), print)
    app.stop_looking_at_files()
    assert closed == [watcher]
