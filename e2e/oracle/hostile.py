"""What schemathesis finds out about a server by its OpenAPI document: it makes requests of every operation, right
and wrong ones, and checks that no answer is an error of the server or other than the document says.

usage: hostile.py BASE EXAMPLES
prints {"code", "said"}: its exit code and the end of what it said.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

base, examples = sys.argv[1:3]
checks = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
program = pathlib.Path(sys.executable).with_name("schemathesis")
with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run(
        [
            program, "run", f"{base}/api/openapi.json",
            "--checks", ",".join(checks), "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", examples,
            # The same requests in every run; nothing is kept.
            "--generation-deterministic", "--no-color",
            # It never ends: that is what it is for.
            "--exclude-path", "/stream", "--request-timeout", "20", "--suppress-health-check", "all",
        ],
        capture_output=True, text=True, cwd=folder,
    )  # fmt: skip
print(json.dumps({"code": done.returncode, "said": (done.stdout + done.stderr)[-6000:]}))
