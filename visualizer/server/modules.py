"""The modules for the browser as one: over a slow line each request costs, and there are many.

Each module becomes a function that is called once, behind those that it imports; nothing else of it
changes. So they have to keep to a few forms, of which the tests take care:

    import "./keys.js";
    import { element, LARGEST } from "./dom.js";
    export const, export class, export function, export async function
"""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w.]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:const|class|function) (\w+))", re.MULTILINE)
# What is none of both, and would stand in a function then.
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(modules: Mapping[str, str], entry: str = "live.js") -> str:
    """Return one module that does what an entry does, with all that it imports.

    Args:
        modules: their texts, by file name.
        entry: the file name of the one whose exports are wanted.

    Raises:
        ValueError: a module has an import or an export of another form, or imports itself.

    Example:
        >>> print(joined({"a.js": "export const a = 1;"}, "a.js"))
        const a_js = (() => {
        const a = 1;
        return { a };
        })();
        export const { a } = a_js;
    """
    parts: dict[str, str] = {}
    _add(entry, modules, parts, ())
    names = ", ".join(name for _, name in _EXPORT.findall(modules[entry]))
    return "\n".join([*parts.values(), f"export const {{ {names} }} = {_variable(entry)};"])


def _add(
    name: str, modules: Mapping[str, str], parts: dict[str, str], above: tuple[str, ...]
) -> None:
    """Add a module to the parts, behind those that it imports."""
    if name in above:
        raise ValueError(f"{name}: expected no circle, got {' → '.join([*above, name])}")
    text = modules[name]
    for _, other in _IMPORT.findall(text):
        if other not in parts:
            _add(other, modules, parts, (*above, name))
    names = ", ".join(exported for _, exported in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(_taken, text))
    if odd := _OTHER.search(body):
        raise ValueError(f"{name}: expected an import or export of a known form, got {odd[0]!r}")
    parts[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"


def _taken(statement: re.Match[str]) -> str:
    """Return what takes the place of an import: the names, out of what the module has returned."""
    names, module = statement.groups()
    if names is None:
        return ""
    return f"const {{{names.replace(' as ', ': ')}}} = {_variable(module)};"


def _variable(name: str) -> str:
    return re.sub(r"\W", "_", name)
