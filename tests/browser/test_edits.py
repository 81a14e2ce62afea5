"""What becomes of edits and saves, without a page: the same tests in node and in Chromium."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = "tests/live/js/edits.js"
RUN = """async (address) => {
  const { tests } = await import(address);
  const failed = {};
  for (const [name, run] of Object.entries(tests)) {
    try {
      run();
    } catch (error) {
      failed[name] = error.message;
    }
  }
  return [Object.keys(tests).length, failed];
}"""


def test_edits_in_node():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the same tests run in Chromium")
    done = subprocess.run(
        [node, "--test", "tests/live/js/edits.test.js"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.browser
def test_edits_in_chromium(context_of):
    page = context_of().new_page()

    def serve(route):
        path = ROOT / route.request.url.partition("modules.test/")[2]
        if path.suffix == ".js":
            route.fulfill(content_type="text/javascript", body=path.read_text("utf-8"))
        else:
            route.fulfill(content_type="text/html", body="")

    page.route("http://modules.test/**", serve)
    page.goto("http://modules.test/")
    count, failed = page.evaluate(RUN, f"/{TESTS}")
    page.close()
    assert failed == {}
    assert count >= 20
