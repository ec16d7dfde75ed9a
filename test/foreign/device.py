"""A relay in Python: python3 device.py <address of the hub's device socket> <token> header|subprotocol"""

import asyncio
import json
import sys

import websockets

URL, TOKEN, WAY = sys.argv[1:]


def credential():
    if WAY == "subprotocol":
        return {"subprotocols": ["signalbox.v1", f"signalbox.token.{TOKEN}"]}
    # The option has had its second name since version 14.
    name = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"
    return {name: {"Authorization": f"Bearer {TOKEN}"}}


async def main():
    async with websockets.connect(URL, **credential()) as socket:

        async def send(**frame):
            await socket.send(json.dumps(frame))

        await send(type="telemetry", data={"power": 4.5})
        async for text in socket:
            print(text, flush=True)
            frame = json.loads(text)
            if frame["type"] == "command":
                await send(type="received", id=frame["id"])
                await send(type="state", reported={"on": frame["params"]["on"]})
                await send(type="result", id=frame["id"], ok=True)


asyncio.run(main())
