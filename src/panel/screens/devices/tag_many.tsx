/** Tags for many devices: some more, some less, and back again. */
import { type FormEvent, useRef, useState } from "react";
import type { DeviceView } from "../../../protocol/record.ts";
import { isTag, retagged, tagsIn } from "../../form/tags.ts";
import { devicesFound } from "../../live/export.ts";
import { path, rest } from "../../live/rest.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { focusFirst, TextField } from "../../parts/text_field.tsx";
import { RUNNING, TAGGING } from "../../words/list.ts";
import { Rest, UnderWay, useRunning } from "./running.tsx";
import type { Meant } from "../../live/kind_counts.ts";

const retag = (device: DeviceView, tags: readonly string[]) => rest("PATCH", path.device(device.id), { tags });

export default function TagMany({ meant, onClose }: { meant: Meant; onClose(): void }) {
  const [add, setAdd] = useState("");
  const [drop, setDrop] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isUndone, setUndone] = useState(false);
  const { run, begin, stop } = useRunning();
  const found = useRef(0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [more, less] = [tagsIn(add), tagsIn(drop)];
    const wrong = [...more, ...less].find((tag) => !isTag(tag));
    if (wrong !== undefined) return setProblem(TAGGING.wrong(wrong));
    if (more.length + less.length === 0) return setProblem(TAGGING.nothing);
    const find = async () => {
      const { devices } = await devicesFound(meant.queries);
      found.current = devices.length;
      return devices.filter(({ tags }) => retagged(tags, more, less) !== null);
    };
    void begin(
      find,
      (device) => retag(device, retagged(device.tags, more, less)!),
      ({ done }) => TAGGING.done(done.length),
    );
  };
  const undo = (devices: readonly DeviceView[]) => {
    setUndone(true);
    void begin(
      () => Promise.resolve(devices),
      (device) => retag(device, device.tags),
      ({ done }) => TAGGING.undone(done.length),
    );
  };
  const close = run.state === "running" || run.state === "finding" ? stop : onClose;
  return (
    <Dialog title={TAGGING.title(meant.total)} onClose={close}>
      {run.state === "idle" && (
        <form onSubmit={submit} noValidate>
          <TextField
            ref={focusFirst}
            label={TAGGING.add}
            hint={TAGGING.hint}
            value={add}
            problem={problem ?? run.problem}
            spellCheck={false}
            onText={(text) => {
              setAdd(text);
              setProblem(undefined);
            }}
          />
          <TextField label={TAGGING.drop} value={drop} spellCheck={false} onText={setDrop} />
          <div className="dialog-foot mt-4">
            <button type="button" className="button" onClick={onClose}>{RUNNING.cancel}</button>
            <button type="submit" className="button primary">{TAGGING.go(meant.total)}</button>
          </div>
        </form>
      )}
      {(run.state === "finding" || run.state === "running") && <UnderWay run={run} onStop={stop} />}
      {run.state === "done" && (
        <>
          <p>{isUndone ? TAGGING.undone(run.ran.done.length) : TAGGING.done(run.ran.done.length)}</p>
          {!isUndone && found.current > run.ran.done.length + run.ran.failed.length + run.ran.left && (
            <p className="text-ink2">
              {TAGGING.same(found.current - run.ran.done.length - run.ran.failed.length - run.ran.left)}
            </p>
          )}
          <Rest ran={run.ran} />
          <div className="dialog-foot mt-4">
            {!isUndone && run.ran.done.length > 0 && (
              <button
                type="button"
                className="button"
                onClick={() => undo(run.ran.done)}
              >
                {TAGGING.undo}
              </button>
            )}
            <button ref={focusFirst} type="button" className="button primary" onClick={onClose}>{RUNNING.close}</button>
          </div>
        </>
      )}
    </Dialog>
  );
}
