/** Programs to paste for firmware and for Rust, with every value filled in. Pure. */
import { type Credentials, frameOf, isSecure, promiseOf, reachHint, socketOf } from "./snippet.ts";

export function espIdf(given: Credentials) {
  const isTls = isSecure(given);
  return {
    text: `#include "esp_event.h"
#include "esp_netif.h"
#include "esp_random.h"
#include "esp_websocket_client.h"
${isTls ? '#include "esp_crt_bundle.h"\n' : ""}#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include <stdio.h>
#include <string.h>

static const char *SAMPLE = ${cOf(frameOf(given))};

static void on_data(void *arg, esp_event_base_t base, int32_t id, void *event)
{
    esp_websocket_event_data_t *data = event;
    // A long frame comes in several events: payload_offset says where each belongs.
    if (data->op_code == 1) printf("%.*s\\n", data->data_len, data->data_ptr);
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    esp_websocket_client_config_t config = {
        .uri = "${socketOf(given)}",
        .subprotocol = "signalbox.v1",
        .headers = "Authorization: Bearer ${given.token}\\r\\n",
${isTls ? "        .crt_bundle_attach = esp_crt_bundle_attach,\n" : ""}\
        // Without it a hub that restarts is left for good.
        .enable_close_reconnect = true,
        .reconnect_timeout_ms = 3000 + esp_random() % 7000,
        .network_timeout_ms = 10000,
        .ping_interval_sec = 25,
    };
    esp_websocket_client_handle_t socket = esp_websocket_client_init(&config);
    esp_websocket_register_events(socket, WEBSOCKET_EVENT_DATA, on_data, NULL);
    esp_websocket_client_start(socket);
    while (true) {
        if (esp_websocket_client_is_connected(socket)) {
            // ${promiseOf(given)}
            esp_websocket_client_send_text(socket, "ping", 4, pdMS_TO_TICKS(5000));
            esp_websocket_client_send_text(socket, SAMPLE, strlen(SAMPLE), pdMS_TO_TICKS(5000));
            vTaskDelay(pdMS_TO_TICKS(10000));
        } else {
            vTaskDelay(pdMS_TO_TICKS(200));
        }
    }
}`,
    hint:
      `The main.c of a project with the components espressif/esp_websocket_client and protocol_examples_common of ESP-IDF’s examples, which joins the network that menuconfig names.${
        reachHint(given)
      }`,
  };
}

export function microPython(given: Credentials) {
  return {
    text: `import asyncio
import aiohttp
import network

URL = "${socketOf(given)}"
HEADERS = {"Authorization": "Bearer ${given.token}"}
SAMPLE = ${JSON.stringify(frameOf(given))}

async def report(socket):
    while True:
        # ${promiseOf(given)}
        await socket.send_str("ping")
        await socket.send_str(SAMPLE)
        await asyncio.sleep(10)

async def live():
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        async with session.ws_connect(URL) as socket:
            reporting = asyncio.create_task(report(socket))
            try:
                async for message in socket:
                    print(message.data)
            finally:
                reporting.cancel()

async def main():
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    wlan.connect("your network", "its password")
    while not wlan.isconnected():
        await asyncio.sleep(1)
    while True:
        try:
            await live()
        except OSError as error:
            print(error)
        await asyncio.sleep(5)

asyncio.run(main())`,
    hint:
      `Save it on the board as main.py, after: mpremote mip install aiohttp. An AssertionError with HTTP/1.1 401 means a wrong token.${
        isSecure(given) ? " The certificate is not checked this way." : ""
      }${reachHint(given)}`,
  };
}

export function rust(given: Credentials) {
  return {
    text: `use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{client::IntoClientRequest, Message};

const SAMPLE: &str = r#"${frameOf(given)}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut request = "${socketOf(given)}".into_client_request()?;
    request
        .headers_mut()
        .insert("Authorization", "Bearer ${given.token}".parse()?);
    let (mut socket, _) = connect_async(request).await?;
    let mut next = tokio::time::interval(Duration::from_secs(10));
    loop {
        tokio::select! {
            _ = next.tick() => socket.send(Message::text(SAMPLE)).await?,
            message = socket.next() => match message {
                Some(message) => println!("{}", message?),
                None => return Ok(()),
            },
        }
    }
}`,
    hint: `In a new project: cargo add futures-util, cargo add tokio --features full, and cargo add tokio-tungstenite${
      isSecure(given) ? " --features native-tls" : ""
    }.`,
  };
}

/** A string of C. What is not ASCII goes as it is: the source is UTF-8, and so is the frame. */
const cOf = (text: string) => JSON.stringify(text);
