"""Renders templates with the real Jinja, in the sandbox that Home Assistant renders them in. Reads a JSON list of
[template, variables] and writes one of [text, what was said of undefined values]."""
import json
import logging
import sys

import jinja2
import jinja2.sandbox

said = []


class Heard(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


logger = logging.getLogger("undefined")
logger.addHandler(Heard())
logger.propagate = False
environment = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.make_logging_undefined(logger))

answers = []
for template, variables in json.load(sys.stdin):
    said.clear()
    answers.append([environment.from_string(template).render(**variables).strip(), list(said)])
json.dump(answers, sys.stdout)
