/** What the device says of itself, first thing on each connection [T5, F7]. */
import type { AnyKind } from "../kind/kind.ts";
import { DEVICE_FRAMES, type FrameOf } from "../protocol/from_device.ts";
import { faultOf } from "../protocol/pointer.ts";
import { MAX_FRAME } from "../protocol/words.ts";
import type { DeviceOptions } from "./client.ts";

type Greeting = Pick<DeviceOptions<AnyKind>, "firmware" | "boot" | "maxFrame">;

/** Checked before there is a connection: the hub would refuse it on every one, and take repeats for new [T5]. */
export function greetingOf(options: Greeting, random: () => number): FrameOf<"hello"> {
  const { firmware, boot = random().toString(36).slice(2, 10).padEnd(8, "0"), maxFrame = MAX_FRAME } = options;
  const hello = DEVICE_FRAMES.hello.safeParse({ type: "hello", firmware, boot, maxFrame });
  if (!hello.success) throw new TypeError(faultOf(hello.error, "bad_frame").message);
  return hello.data;
}
