/** History as a file: whatever was told, side by side, read again by a reader that nobody here wrote. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it, type TestContext } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { createApp, type HubPort } from "../../src/app.ts";
import { cellOf, csvOf } from "../../src/http/csv.ts";
import { oneOf, quantity, text } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { need, PYTHON_3 } from "../foreign/programs.ts";
import { ADMIN, type Peer, signalbox } from "../hub/signalbox.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One field of each class, a text of the device's own, and an object. */
const meter = defineKind({
  name: "meter",
  version: 1,
  title: "Meter",
  description: "Measures all there is.",
  icon: "gauge",
  telemetry: {
    level: quantity({ title: "Level", unit: "°C" }),
    total: quantity({ title: "Total", unit: "kWh", class: "counter" }),
    mode: oneOf(["idle", "busy"], { title: "Mode" }),
    note: text({ title: "Note" }),
    place: z.strictObject({ lat: z.number(), lon: z.number() }).meta({ title: "Place", class: "state" }),
  },
  state: {},
  commands: {},
  examples: { telemetry: [{ level: 1 }], state: [], commands: {} },
});

const READER = fileURLToPath(new URL("../foreign/read_csv.py", import.meta.url));

function start(context: TestContext) {
  const box = signalbox({ kinds: [...KINDS, meter] });
  const part: Partial<HubPort> = {
    refused: () => {},
    call: (name, args, caller, options) => Promise.resolve(box.call(name, args, caller, options?.key)),
  };
  const app = createApp({
    hub: part as HubPort,
    kinds: KINDS,
    build: "test",
    origins: [],
    trustProxy: false,
    now: () => box.now,
    log: () => {},
  });
  const python = need(context, PYTHON_3);
  const get = (path: string, token: string | null = ADMIN) =>
    app.fetch(
      new Request(`http://hub.test${path}`, {
        headers: { Host: "hub.test", ...(token && { Authorization: `Bearer ${token}` }) },
      }),
    );
  const read = (csv: string): string[][] => {
    const { stdout, stderr } = spawnSync(python, [READER], { input: csv, encoding: "utf8", maxBuffer: 1e9 });
    if (stderr) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  let device: Peer = box.device("main", "meter");
  return {
    box,
    device,
    get,
    read,
    tell(data: Record<string, unknown>) {
      // It was silent for too long, and comes back.
      if (device.closed) device = box.device("main");
      device.send({ type: "telemetry", data });
    },
    /** The head, the rows, and where the rest is. */
    async table(query: string) {
      const answer = await get(`/api/v1/devices/main/telemetry.csv?${query}`);
      const csv = await answer.text();
      expect(answer.status, csv).toBe(200);
      // Where nothing is quoted there is nothing that two readers could see differently.
      const [head, ...rows] = csv.includes('"')
        ? read(csv)
        : csv.split("\r\n").slice(0, -1).map((row) => row.split(","));
      for (const row of rows) expect(row).toHaveLength(head.length);
      const next = /^<\/api\/v1\/devices\/main\/telemetry\.csv\?(.*)>; rel="next"$/.exec(
        answer.headers.get("link") ?? "",
      )?.[1];
      return { head, rows, next, headers: answer.headers };
    },
  };
}

const iso = (at: number) => new Date(at).toISOString();

describe("history as CSV", () => {
  it("[Q8] a short range is each sample as it came, exactly, side by side", async (context) => {
    const { box, tell, table } = start(context);
    const begun = box.now;
    const told = [
      { level: 21.48, mode: "idle" },
      { level: -0.1, total: 0.1 + 0.2 },
      { level: 1e-7, place: { lat: 52.5, lon: -13.4 } },
      { note: 'say "hi", then\nleave' },
    ];
    for (const data of told) {
      tell(data);
      box.advance(10 * SECOND);
    }
    const { head, rows, next, headers } = await table("");
    expect(head).toEqual([
      ...["time (UTC)", "time (ms)"],
      ...["level (°C)", "total (kWh)", "mode", "note", "place"],
    ]);
    const cells = [
      ["21.48", "", "idle", "", ""],
      ["-0.1", "0.30000000000000004", "", "", ""],
      ["1e-7", "", "", "", '{"lat":52.5,"lon":-13.4}'],
      ["", "", "", 'say "hi", then\nleave', ""],
    ];
    expect(rows).toEqual(cells.map((row, index) => {
      const at = begun + index * 10 * SECOND;
      return [iso(at), String(at), ...row];
    }));
    expect(next).toBeUndefined();
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(headers.get("content-disposition")).toBe(
      'attachment; filename="main 2026-11-23T110040Z 2026-11-23T120040Z.csv"',
    );
    const chosen = await table("fields=note,level,note");
    expect(chosen.head.slice(2)).toEqual(["note", "level (°C)"]);
    expect(chosen.rows.map(([, , ...row]) => row)).toEqual(cells.map((row) => [row[3], row[0]]));
  });

  it("[Q8] samples of one instant are rows of their own, in the order in which they came", async (context) => {
    const { device, table } = start(context);
    device.send({
      type: "telemetry",
      samples: [{ ago: 5, data: { level: 1 } }, { ago: 5, data: { level: 2, total: 7 } }],
    });
    const { rows } = await table("fields=level,total");
    expect(rows.map(([, , ...cells]) => cells)).toEqual([["1", "7"], ["2", ""]]);
  });

  it("[Q8, Q9] steps have the parts of each class; every minute is there, and a silent one is not", async (context) => {
    const { box, tell, table } = start(context);
    box.advance(MINUTE - box.now % MINUTE);
    const begun = box.now;
    for (const level of [1, 2, 6]) {
      tell({ level, total: level * 10, mode: level === 1 ? "idle" : "busy" });
      box.advance(20 * SECOND);
    }
    box.advance(MINUTE);
    tell({ level: 4, total: 5 });
    box.advance(10 * SECOND);
    const { head, rows } = await table(`fields=level,total&resolution=minute&from=${begun}`);
    expect(head.slice(2)).toEqual([
      ...["level min (°C)", "level mean (°C)", "level max (°C)", "level count"],
      ...["total increase (kWh)", "total count"],
    ]);
    expect(rows).toEqual([
      [iso(begun), String(begun), "1", "3", "6", "3", "50", "3"],
      [iso(begun + 2 * MINUTE), String(begun + 2 * MINUTE), "4", "4", "4", "1", "5", "1"],
    ]);
    const states = await table(`fields=mode&resolution=minute&from=${begun}`);
    expect(states.head.slice(2)).toEqual(["mode", "mode lasted (s)"]);
    expect(states.rows.map(([, at, ...cells]) => [Number(at) - begun, ...cells])).toEqual([
      [0, "busy", "40"],
      [MINUTE, "busy", "60"],
      [2 * MINUTE, "busy", "10"],
    ]);
  });

  it("[Q8] says what the points of the same question say", async (context) => {
    const { box, tell, table } = start(context);
    for (let step = 0; step < 300; step++) {
      tell({ level: Math.sin(step), total: step, mode: step % 7 === 0 ? "idle" : "busy" });
      box.advance(5 * MINUTE);
    }
    for (const length of [HOUR, 5 * HOUR, DAY]) {
      const asked = { from: box.now - length, to: box.now, points: 12 };
      const { rows } = await table(
        `fields=level,total&${new URLSearchParams(Object.entries(asked).map(([k, v]) => [k, `${v}`]))}`,
      );
      const numbers = rows.map(([, ...row]) => row.map((cell) => cell === "" ? undefined : Number(cell)));
      expect(numbers.length).toBeGreaterThan(9);
      expect(numbers.length).toBeLessThanOrEqual(12);
      const level = box.ask("get_history", { device: "main", field: "level", ...asked }).points;
      const total = box.ask("get_history", { device: "main", field: "total", ...asked }).points;
      expect(numbers.map((row) => row.slice(0, 5))).toEqual(level);
      expect(numbers.map(([at, , , , , ...row]) => [at, ...row])).toEqual(total);
    }
  });

  it("[Q9] nothing is left out where there is more than one answer holds: the link leads on, at the same resolution", async (context) => {
    const { box, tell, table } = start(context);
    box.advance(12 * DAY);
    const begun = box.now;
    const told: number[] = [];
    for (let step = 0; step < 5_000; step++) {
      tell({ level: step });
      told.push(box.now);
      box.advance(step % 100 === 99 ? 30 * MINUTE : 2 * SECOND);
    }
    const collect = async (query: string) => {
      const [all, sizes]: [string[][], number[]] = [[], []];
      for (let next: string | undefined = query; next !== undefined && sizes.length < 100;) {
        const page = await table(next);
        all.push(...page.rows);
        sizes.push(page.rows.length);
        next = page.next;
      }
      return { all, sizes };
    };
    const samples = await collect(`fields=level&resolution=sample&from=${begun}`);
    expect(samples.all.map(([, at, level]) => [Number(at), Number(level)])).toEqual(
      told.map((at, level) => [at, level]),
    );
    expect(samples.sizes.length).toBeGreaterThan(3);
    // A day and more: by the minute, in one answer.
    const whole = await table(`fields=level&from=${begun}`);
    expect(whole.next).toBeUndefined();
    const counts = whole.rows.reduce((sum, row) => sum + Number(row[5]), 0);
    expect(counts).toBe(5_000);
    // All fields at once, so many that a fortnight of minutes does not fit.
    const wide = await collect(`fields=level,total,mode,note,place&resolution=minute&from=${box.now - 14 * DAY}`);
    expect(wide.sizes.length).toBeGreaterThan(1);
    expect(new Set(wide.all.map(([, at]) => at)).size).toBe(wide.all.length);
    expect(wide.all.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(5_000);
  });

  it("[Q9] one answer is bounded in values too, and breaks between two instants", async (context) => {
    const { box, device, table } = start(context);
    // 16,666 samples with five fields beside the time fit, 18,000 do not.
    for (let frame = 0; frame < 360; frame++) {
      const samples = Array.from(
        { length: 50 },
        (_, at) => ({ ago: (50 - at) / 100, data: { level: frame * 50 + at } }),
      );
      device.send({ type: "telemetry", samples });
      box.advance(5 * SECOND);
    }
    const first = await table(`fields=level,total,mode,note,place&from=${box.now - 3 * HOUR}`);
    expect(first.rows.length).toBeGreaterThan(16_600);
    expect(first.rows.length * 6).toBeLessThanOrEqual(100_000);
    const second = await table(first.next!);
    expect(second.next).toBeUndefined();
    expect([...first.rows, ...second.rows].map((row) => Number(row[2]))).toEqual(
      Array.from({ length: 18_000 }, (_, at) => at),
    );
  });

  it("[Q9] an instant with more samples than an answer holds comes whole: there is an end", async (context) => {
    const { box, device, table } = start(context);
    const told = { level: 1, total: 1, mode: "idle", note: "n", place: { lat: 1, lon: 2 } };
    const at = box.now - MINUTE;
    for (let frame = 0; frame < 18; frame++) {
      device.send({
        type: "telemetry",
        samples: Array.from({ length: 1_000 }, () => ({ at, data: { level: frame } })),
      });
      box.advance(SECOND);
    }
    device.send({ type: "telemetry", data: told });
    const first = await table("fields=level,total,mode,note,place");
    expect(first.rows).toHaveLength(18_000);
    const second = await table(first.next!);
    expect(second.rows).toHaveLength(1);
    expect(second.next).toBeUndefined();
  });

  it("[Q9] any time may be asked for, and empty is a head alone", async (context) => {
    const { box, tell, table } = start(context);
    tell({ level: 5 });
    box.advance(MINUTE);
    for (const from of [0, 1, box.now - 400 * DAY]) {
      for (const resolution of ["sample", "minute", "hour"]) {
        let asked: string | undefined = `fields=level&from=${from}&resolution=${resolution}`;
        let [pages, rows] = [0, 0];
        for (; asked !== undefined; pages++) {
          const page = await table(asked);
          rows += page.rows.length;
          asked = page.next;
        }
        expect([rows, pages < 8], `${resolution} from ${from}`).toEqual([1, true]);
      }
    }
    for (const [from, to] of [[9e15, 9.007e15], [box.now + DAY, box.now + 2 * DAY], [0, 1]]) {
      for (const how of ["", "&points=5", "&resolution=sample", "&resolution=hour"]) {
        expect((await table(`fields=level&from=${from}&to=${to}${how}`)).rows).toEqual([]);
      }
    }
  });

  it("[Q9, R2] refuses as the JSON does", async (context) => {
    const { box, get } = start(context);
    const { token } = box.ask("create_token", { name: "Vera", role: "viewer" });
    const of = async (path: string, by: string | null = token) => {
      const answer = await get(path, by);
      const { code, errors } = answer.status === 200
        ? { code: "ok", errors: undefined }
        : JSON.parse(await answer.text());
      return [answer.status, code, errors?.[0].pointer];
    };
    const at = "/api/v1/devices/main/telemetry.csv";
    expect(await of(at)).toEqual([200, "ok", undefined]);
    expect(await of(at, null)).toEqual([401, "unauthenticated", undefined]);
    expect(await of(at, box.tokens.get("main"))).toEqual([403, "forbidden", undefined]);
    expect(await of("/api/v1/devices/nobody/telemetry.csv")).toEqual([404, "not_found", undefined]);
    expect(await of(`${at}?fields=level,colour`)).toEqual([404, "not_found", "#/fields"]);
    expect(await of(`${at}?fields=constructor`)).toEqual([404, "not_found", "#/fields"]);
    expect(await of(`${at}?from=2&to=1`)).toEqual([400, "bad_request", "#/from"]);
    expect(await of(`${at}?from=yesterday`)).toEqual([400, "bad_request", "#/from"]);
    expect(await of(`${at}?resolution=second`)).toEqual([400, "bad_request", "#/resolution"]);
    expect(await of(`${at}?points=5&resolution=hour`)).toEqual([400, "bad_request", "#/points"]);
  });
});

describe("cells", () => {
  it("[Q10] no text is a formula, and no number is harmed", async (context) => {
    const { box, tell, table } = start(context);
    const texts = ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.test","x")', "1=1", "'quoted", ""];
    for (const note of texts) {
      tell({ note, level: -3.5 });
      box.advance(SECOND);
    }
    const { rows } = await table("fields=note,level");
    expect(rows.map((row) => row[2])).toEqual(texts.map((note) => /^[=+\-@\t]/.test(note) ? `'${note}` : note));
    expect(new Set(rows.map((row) => row[3]))).toEqual(new Set(["-3.5"]));
  });

  it("[Q10] whatever a text holds is read again as it was, in rows of the same width", (context) => {
    const { read } = start(context);
    const odd = [
      "a,b",
      'a"b',
      '""',
      "a\nb",
      "a\r\nb",
      "a\rb",
      " a ",
      "ä€😀",
      "a;b",
      "\u2028",
      "x\u0000y".replace("\u0000", ""),
    ];
    const rows = odd.flatMap((one) => odd.map((other) => [one, other, "end"]));
    expect(read(csvOf(rows))).toEqual(rows);
    expect(csvOf([[1, undefined, null, true, "x"]])).toBe("1,,,true,x\r\n");
    expect(cellOf({ a: "=1" })).toBe('"{""a"":""=1""}"');
  });
});
