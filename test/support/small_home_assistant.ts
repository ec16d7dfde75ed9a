/**
 * As much of Home Assistant as discovery needs: it finds devices on a broker, listens where they say that they are told,
 * reads that by their templates, and publishes what its users do.
 */
import { connectAsync, type MqttClient } from "mqtt";
import { render } from "./jinja.ts";

export type Component = Record<string, unknown> & { platform: string };
type Availability = { topic: string; value_template?: string };

interface Found {
  device: Record<string, unknown>;
  components: Record<string, Component>;
  availability: Availability[];
}

/** Templates whose topic does not follow from their name. */
const TOPICS: Record<string, string> = { value_template: "state_topic", state_value_template: "state_topic" };

export class SmallHomeAssistant {
  readonly #client: MqttClient;
  readonly #devices = new Map<string, Found>();
  readonly #heard = new Map<string, string>();
  /** Of event entities: what came out of their templates. */
  readonly events: Record<string, unknown>[] = [];
  /** How often a device was announced. */
  announcements = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on("message", (topic, payload, { retain }) => this.#hears(topic, payload.toString(), retain));
  }

  static async start(url: string): Promise<SmallHomeAssistant> {
    const home = new SmallHomeAssistant(await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 }));
    await home.#client.subscribeAsync("homeassistant/device/+/config", { qos: 1 });
    return home;
  }

  get found(): string[] {
    return [...this.#devices.keys()].toSorted();
  }

  componentsOf(id: string): Record<string, Component> {
    return this.#devices.get(id)?.components ?? {};
  }

  /** What an entity's template makes of what was heard last; undefined where nothing was heard. */
  value(id: string, key: string, template = "value_template"): string | undefined {
    const component = this.componentsOf(id)[key];
    const topic = TOPICS[template] ??
      template.replace("_value_template", "_state_topic").replace("_template", "_topic");
    const text = this.#heard.get(String(component?.[topic]));
    if (text === undefined || component?.[template] === undefined) return undefined;
    return read(String(component[template]), text);
  }

  /** As a platform without a template. */
  heard(topic: string): string | undefined {
    return this.#heard.get(topic);
  }

  isAvailable(id: string, key: string): boolean {
    const found = this.#devices.get(id);
    const told = (found?.components[key]?.availability ?? found?.availability ?? []) as Availability[];
    return told.length > 0 && told.every(({ topic, value_template }) => {
      const text = this.#heard.get(topic);
      return text !== undefined && (value_template ? read(value_template, text) : text) === "online";
    });
  }

  async publish(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1 });
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #hears(topic: string, text: string, isRetained: boolean): void {
    const [, id] = topic.match(/^homeassistant\/device\/(.+)\/config$/) ?? [];
    if (id !== undefined) return this.#finds(id, text);
    this.#heard.set(topic, text);
    if (isRetained) return;
    for (const { components } of this.#devices.values()) {
      for (const { platform, state_topic, value_template } of Object.values(components)) {
        if (platform === "event" && state_topic === topic) {
          this.events.push(JSON.parse(read(String(value_template), text)));
        }
      }
    }
  }

  #finds(id: string, text: string): void {
    if (text === "") return void this.#devices.delete(id);
    this.announcements += 1;
    const found = JSON.parse(text) as Found;
    this.#devices.set(id, found);
    const components = Object.values(found.components);
    const topics = components.flatMap((component) =>
      Object.entries(component).filter(([name]) => name.endsWith("_topic") && !/command|set_position/.test(name))
        .map(([, topic]) => String(topic))
    );
    const available = [found, ...components].flatMap(({ availability = [] }) => availability as Availability[]);
    this.#client.subscribe([...new Set([...topics, ...available.map(({ topic }) => topic)])], { qos: 1 });
  }
}

function read(template: string, text: string): string {
  return render(template, { value: text, value_json: text.startsWith("{") ? JSON.parse(text) : undefined });
}
