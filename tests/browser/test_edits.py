"""Modules that need no page, such as edits: the same tests in node and in Chromium."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The modules, each with the least number of its tests.
TESTS = {"edits": 22, "lane": 3, "links": 15, "places": 12, "values": 7}
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


@pytest.mark.parametrize("module", TESTS)
def test_a_module_in_node(module):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the same tests run in Chromium")
    done = subprocess.run(
        [node, "--test", f"tests/live/js/{module}.test.js"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.browser
@pytest.mark.parametrize("module", TESTS)
def test_a_module_in_chromium(context_of, module):
    page = context_of().new_page()

    def serve(route):
        path = ROOT / route.request.url.partition("modules.test/")[2]
        if path.suffix == ".js":
            route.fulfill(content_type="text/javascript", body=path.read_text("utf-8"))
        else:
            route.fulfill(content_type="text/html", body="")

    page.route("http://modules.test/**", serve)
    page.goto("http://modules.test/")
    count, failed = page.evaluate(RUN, f"/tests/live/js/{module}.js")
    page.close()
    assert failed == {}
    assert count >= TESTS[module]
