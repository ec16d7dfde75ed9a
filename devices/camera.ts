/** Takes pictures: each is a blob, and the answer to who asked for it says which. */
import { z } from "zod";
import { defineKind } from "../src/kind/kind.ts";
import { desirable, duration, flag, oneOf, quantity, text } from "../src/kind/field.ts";
import { bytes, degrees, lux, percent } from "../src/kind/quantities.ts";

const pixels = (title: string, max: number) => quantity({ title, unit: "px", precision: 0, min: 16, max, step: 1 });
const pan = degrees({ title: "Pan", min: -180, max: 180 });
const tilt = degrees({ title: "Tilt", min: -90, max: 90 });

export default defineKind({
  name: "camera",
  version: 1,
  title: "Camera",
  description: "Takes a picture when asked, looks around, and notices what moves.",
  icon: "camera",
  blobs: ["image/jpeg"],
  telemetry: {
    motion: flag({ title: "Motion", deviceClass: "motion" }),
    light_level: lux({ title: "Light" }),
    storage_free: bytes({ title: "Storage left" }),
  },
  state: {
    privacy: desirable(flag({ title: "Privacy", description: "The lens is closed; nothing is seen or stored." })),
    night_mode: desirable(oneOf(["auto", "on", "off"], { title: "Night mode" })),
    infrared: flag({ title: "Infrared light", deviceClass: "light" }),
    recording: flag({ title: "Recording", deviceClass: "running" }),
    pan,
    tilt,
  },
  events: {
    motion: z.object({ level: percent({ title: "How much of the picture" }) }),
  },
  commands: {
    snapshot: {
      title: "Snapshot",
      description: "Takes a picture and sends it.",
      effect: "query",
      params: z.object({
        width: pixels("At most so wide", 7_680).optional(),
        quality: percent({ title: "Quality", min: 1 }).optional(),
      }),
      result: z.object({
        blob: text({ title: "Picture", description: "The blob's id" }),
        width: pixels("Width", 7_680),
        height: pixels("Height", 4_320),
        size: bytes({ title: "Size" }),
      }),
      // From the shutter to the last byte, on a thin line.
      timeout: 60,
      errors: ["privacy", "too_dark"],
    },
    record: {
      title: "Record",
      description: "Records to its own storage; cancelled, it keeps what it has.",
      effect: "once",
      params: z.object({ seconds: duration({ title: "For", min: 1, max: 600 }) }),
      errors: ["privacy", "storage_full"],
    },
    look: {
      title: "Look at",
      effect: "set",
      params: z.object({ pan, tilt }),
      confirms: { field: "pan", param: "pan" },
    },
    set_privacy: {
      title: "Privacy",
      effect: "set",
      params: z.object({ on: flag({ title: "Closed" }) }),
      confirms: { field: "privacy", param: "on" },
    },
  },
  interlocks: [{
    commands: ["snapshot", "record"],
    when: { field: "privacy", is: true },
    sentence: "Privacy is on: the lens is closed.",
  }],
  examples: {
    telemetry: [{ motion: false, light_level: 8_400, storage_free: 1_204_224_000 }, { motion: true, light_level: 3 }],
    state: [
      { privacy: false, night_mode: "auto", infrared: false, recording: false, pan: 0, tilt: -10 },
      { privacy: true },
    ],
    events: { motion: [{ level: 14 }] },
    commands: {
      snapshot: [
        { params: {}, result: { blob: "c0a8-1", width: 1920, height: 1080, size: 284_113 } },
        { params: { width: 640, quality: 70 }, result: { blob: "c0a8-2", width: 640, height: 360, size: 31_207 } },
      ],
      record: [{ params: { seconds: 30 } }],
      look: [{ params: { pan: 45, tilt: -10 } }],
      set_privacy: [{ params: { on: true } }],
    },
  },
  behaviour(self) {
    const BYTES_PER_SECOND = 250_000;
    const DEGREES_PER_SECOND = 60;
    /** Lux below which a picture without infrared light shows nothing. */
    const DARK = 5;
    let storage = Math.round(200e6 + self.random() * 1e9);
    let motionEnds = 0;
    let pictures = 0;
    let clouds = 0.5 + self.random() * 0.5;

    const light = () => Math.round(1 + Math.max(0, Math.sin((self.hour - 6) / 12 * Math.PI)) * 20_000 * clouds);
    const isDark = () => light() < DARK;
    const see = () => {
      const { privacy, night_mode } = self.state;
      const infrared = !privacy && (night_mode === "on" || (night_mode === "auto" && isDark()));
      if (infrared !== self.state.infrared) self.report({ infrared });
    };
    const isMoving = () => self.time < motionEnds;
    const measure = () => {
      const { privacy } = self.state;
      self.telemetry({ storage_free: storage, ...(!privacy && { motion: isMoving(), light_level: light() }) });
    };
    const mustSee = () => {
      if (self.state.privacy) self.fail("privacy", "The lens is closed.");
    };
    self.report({ privacy: false, night_mode: "auto", infrared: false, recording: false, pan: 0, tilt: 0 });
    see();

    return {
      every: 5,
      tick(dt) {
        clouds = Math.min(1, Math.max(0.2, clouds + (self.random() - 0.5) * 0.01 * Math.sqrt(dt)));
        see();
        // Somebody goes by every three minutes of the day, and every hour of the night.
        const wasMoving = isMoving();
        if (!self.state.privacy && !wasMoving && self.random() < dt / (isDark() ? 3_600 : 180)) {
          motionEnds = self.time + 5 + self.random() * 20;
          self.event("motion", { level: Math.round(3 + self.random() * 40) });
        }
        measure();
      },
      commands: {
        async snapshot(_, { id, cancelled }) {
          mustSee();
          if (isDark() && !self.state.infrared) self.fail("too_dark", "It sees nothing without night mode.");
          await self.sleep(0.2 + self.random() * 0.3, cancelled);
          mustSee();
          // It has one size; whoever asked for another one learns from the result what came.
          const picture = pictureOf(self.state.infrared ? "night" : "day", `${++pictures}, ${self.time.toFixed(3)} s`);
          const blob = await self.blob("image/jpeg", picture, id);
          return { blob, ...SIZE, size: picture.length };
        },
        async record({ seconds }, { progress, cancelled }) {
          mustSee();
          if (self.state.recording) self.fail("busy", "It records already.");
          if (storage < seconds * BYTES_PER_SECOND) self.fail("storage_full", "There is no room for so long a record.");
          self.report({ recording: true });
          try {
            for (let done = 0; done < seconds; done += 2) {
              progress(100 * done / seconds);
              const stretch = Math.min(2, seconds - done);
              await self.sleep(stretch, cancelled);
              mustSee();
              storage -= Math.round(stretch * BYTES_PER_SECOND);
            }
          } finally {
            self.report({ recording: false });
            measure();
          }
        },
        async look({ pan, tilt }, { cancelled }) {
          const { pan: fromPan = 0, tilt: fromTilt = 0 } = self.state;
          const way = Math.max(Math.abs(pan - fromPan), Math.abs(tilt - fromTilt));
          await self.sleep(way / DEGREES_PER_SECOND, cancelled);
          self.report({ pan, tilt });
        },
        set_privacy({ on }) {
          self.report({ privacy: on });
          see();
        },
      },
      desired({ privacy = self.state.privacy, night_mode = self.state.night_mode }) {
        self.report({ privacy, night_mode });
        see();
      },
    };
  },
});

/** What the simulated one sees: a sky over the ground, by day and by infrared light. */
const SIZE = { width: 160, height: 120 };
const PICTURES = {
  day: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAEMuMjoyKkM6NjpLR0NPZKZsZFxcZMySmnmm8dT++u3U6eX//////////+Xp////////////" +
    "////////////////wAALCAB4AKABAREA/8QAGAABAQADAAAAAAAAAAAAAAAAAAECAwT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEB" +
    "AAA/AOwAAAAAAQAAAAAAQAAAAAAQAAAAAAQAAAAAAYgAAAAACAAAAAACAAAAAACAAAAAADUAAAAAAIAAAAAAIAAAAAAIAAAAAAIAAAAA" +
    "AIAAAAAAP//Z",
  night: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAEMuMjoyKkM6NjpLR0NPZKZsZFxcZMySmnmm8dT++u3U6eX//////////+Xp////////////" +
    "////////////////wAALCAB4AKABAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAAECBP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEA" +
    "AD8A4wAAAAABQAAAAAAAAAAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAFAAAAAAAAAAAAAZAAAAAAAAAAAAAQAAAAAAAAAAAABAAAAAABAAA" +
    "AAAB/9k=",
};
/** SOI and APP0, which come first. */
const HEAD = 20;

/** With a comment of its own, so that no two are the same bytes. */
function pictureOf(name: keyof typeof PICTURES, comment: string): Uint8Array {
  const picture = Uint8Array.from(atob(PICTURES[name]), (char) => char.charCodeAt(0));
  const said = new TextEncoder().encode(comment);
  const segment = [0xff, 0xfe, said.length + 2 >> 8, said.length + 2 & 0xff, ...said];
  return Uint8Array.of(...picture.subarray(0, HEAD), ...segment, ...picture.subarray(HEAD));
}
