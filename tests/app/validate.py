# SPDX-License-Identifier: GPL-3.0-or-later
"""validate.py SCHEMA FILE: checks JSON against a schema with nothing but Python's standard library.

Knows the part of JSON Schema that docs/schema/ uses, and refuses a schema with anything else in it. Beyond a plain
validator it wants every key of the file to be in the schema: what is written is documented."""
import json
import re
import sys

KNOWN = {"$schema", "title", "description", "type", "required", "properties", "items", "enum", "const", "minimum",
         "maximum", "minLength", "pattern"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check(value, schema, where, problems):
    if set(schema) - KNOWN:
        problems.append(f"{where}: the schema uses {sorted(set(schema) - KNOWN)}")
        return
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        problems.append(f"{where}: {value!r} is no {' or '.join(names)}")
        return
    if "const" in schema and value != schema["const"]:
        problems.append(f"{where}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{where}: {value!r} is none of {schema['enum']}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            problems.append(f"{where}: {value!r} is out of range")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            problems.append(f"{where}: too short")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            problems.append(f"{where}: {value!r} does not look like {schema['pattern']}")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                problems.append(f"{where}: {name} is missing")
        for name, member in value.items():
            if name not in schema.get("properties", {}):
                problems.append(f"{where}: {name} is not in the schema")
            else:
                check(member, schema["properties"][name], f"{where}.{name}", problems)
    if isinstance(value, list):
        for i, member in enumerate(value):
            check(member, schema.get("items", {}), f"{where}[{i}]", problems)


def main():
    with open(sys.argv[1], encoding="utf-8") as schema, open(sys.argv[2], encoding="utf-8") as file:
        problems = []
        check(json.load(file), json.load(schema), "$", problems)
    for problem in problems[:20]:
        print(problem)
    sys.exit(1 if problems else 0)


main()
