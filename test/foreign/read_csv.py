"""Reads CSV from standard input as its standard library does, and writes the rows as JSON."""
import csv, io, json, sys

text = sys.stdin.buffer.read().decode("utf-8")
print(json.dumps(list(csv.reader(io.StringIO(text, newline=""), strict=True))))
