"""Prints the events of a hub's stream, with nothing but what Python has: tail.py URL TOKEN QUERY"""
import json, sys, urllib.request

url, token, query = sys.argv[1:]
request = urllib.request.Request(f"{url}/api/v1/stream?{query}", headers={"Authorization": f"Bearer {token}"})
with urllib.request.urlopen(request) as stream:
    for line in stream:
        if line.startswith(b"data: "):
            frame = json.loads(line[6:])
            print(frame["type"], json.dumps(frame), flush=True)
