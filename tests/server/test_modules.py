"""The modules for the browser as one: it does what they do, and what it cannot join is refused."""

import re
import shutil
import subprocess

import pytest

from visualizer.server import assets
from visualizer.server.modules import joined

A = 'import { b as c } from "./b.js";\nexport const a = c + 1;\n'
B = "export const b = 1;\nconst hidden = 2;\n"


def run(program):
    """What node prints when it runs a module."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the tests in a browser run what is joined")
    command = [node, "--input-type=module", "-e", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_is_joined_does_what_its_modules_do():
    modules = {
        "live.js": 'import "./first.js";\nimport {\n  a,\n} from "./a.js";\n'
        'import { b } from "./b.js";\nconst hidden = "x";\nconsole.log(a, b, hidden);\n'
        "export function mount() {\n  return a;\n}\n",
        "first.js": 'console.log("first");\n',
        "a.js": A,
        "b.js": B,
    }
    assert run(f"{joined(modules)}\nconsole.log(mount());") == ["first", "2", "1", "x", "2"]


def test_a_module_stands_once_and_behind_what_it_imports():
    text = joined({name: assets.SOURCES[name].read_text("utf-8") for name in assets.MODULES})
    found = re.findall(r"^const (\w+_js) = \(\(\) => \{$", text, re.MULTILINE)
    assert sorted(found) == sorted(name.replace(".", "_") for name in assets.MODULES)
    for i, part in enumerate(re.split(r"^const \w+_js = .*$", text, flags=re.MULTILINE)[1:]):
        assert set(re.findall(r"^const \{[^}]*\} = (\w+_js);", part, re.MULTILINE)) <= {
            *found[:i],
            *found[-1:],  # the last line, which exports
        }


@pytest.mark.parametrize(
    "statement",
    [
        "export default function () {}",
        "export { a };",
        'export * from "./b.js";',
        'import b from "./b.js";',
        'import * as b from "./b.js";',
        'import { b } from "other";',
        "export let a = 1;",
    ],
)
def test_an_import_or_export_of_another_form_is_refused(statement):
    with pytest.raises(ValueError, match=r"a\.js: expected an import or export of a known form"):
        joined({"a.js": f"{statement}\n", "b.js": B}, "a.js")


def test_a_circle_is_refused():
    modules = {"a.js": A, "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n'}
    with pytest.raises(ValueError, match=r"expected no circle, got a\.js → b\.js → a\.js"):
        joined(modules, "a.js")
