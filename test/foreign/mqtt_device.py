"""A relay over MQTT, by paho: python3 mqtt_device.py <host> <port> <device id> <token> 3.1.1|5"""

import json
import sys

import paho.mqtt.client as mqtt

HOST, PORT, DEVICE, TOKEN, VERSION = sys.argv[1:]
TOPIC = f"devices/{DEVICE}/"

options = {"transport": "websockets", "protocol": mqtt.MQTTv5 if VERSION == "5" else mqtt.MQTTv311}
# Since version 2 it has to be told whose callbacks these are.
if hasattr(mqtt, "CallbackAPIVersion"):
    options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
client = mqtt.Client(**options)
client.username_pw_set(DEVICE, TOKEN)
client.ws_set_options(path="/mqtt")
client.will_set(TOPIC + "will", "paho is gone")


def tell(topic, **frame):
    client.publish(TOPIC + topic, json.dumps(frame), qos=1)


def on_connect(client, userdata, flags, code, properties=None):
    print("connected", code, flags, flush=True)
    client.subscribe(TOPIC + "#", qos=1)
    tell("telemetry", data={"power": 4.5})


def on_message(client, userdata, message):
    print(message.topic, message.payload.decode(), "QoS", message.qos, flush=True)
    frame = json.loads(message.payload)
    if message.topic == TOPIC + "command":
        tell("received", id=frame["id"])
        tell("state", reported={"on": frame["params"]["on"]})
        tell("result", id=frame["id"], ok=True)


client.on_connect = on_connect
client.on_message = on_message
client.on_publish = lambda client, userdata, packet, *rest: print("acknowledged", packet, flush=True)
client.on_disconnect = lambda client, userdata, code, *rest: print("disconnected", code, flush=True)
client.connect(HOST, int(PORT), keepalive=2)
client.loop_forever(retry_first_connection=False)
