"""Builds the sample program for every platform: python build.py [FOLDER]. Needs: pip install ziglang==0.17.1"""

import pathlib
import subprocess
import sys

TARGETS = {"amd64": "x86_64-linux-none", "arm64": "aarch64-linux-none"}
FLAGS = [
    "-ffreestanding",
    "-nostdlib",
    "-static",
    "-Os",
    "-s",
    "-Wall",
    "-Werror",
    "-fno-stack-protector",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
]

here = pathlib.Path(__file__).resolve().parent
folder = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here
for name, target in TARGETS.items():
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", target, *FLAGS]
    subprocess.run([*compiler, "-o", str(folder / f"greet-{name}"), "greet.c"], cwd=here, check=True)
