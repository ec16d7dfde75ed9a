/** A stretch of one's own, by two times. */
import { type FormEvent, useId, useState } from "react";
import { CHARTS } from "../words/history.ts";
import { zoneMark } from "../words/locale.ts";
import { inputOf, type Stretch, timeOf } from "./view.ts";

interface Props {
  /** What is shown when it is opened. */
  shown: Stretch;
  onShow(stretch: Stretch): void;
  onClose(): void;
}

export function Range({ shown, onShow, onClose }: Props) {
  const id = useId();
  const [times, setTimes] = useState({ from: inputOf(shown.from), to: inputOf(shown.to) });
  const [problem, setProblem] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [from, to] = [timeOf(times.from), timeOf(times.to)];
    if (!(from < to)) return setProblem(true);
    onShow({ from, to });
    onClose();
  };
  const field = (name: "from" | "to", label: string) => (
    <label>
      <span>{label + zoneMark()}</span>
      <input
        type="datetime-local"
        step={1}
        className="input"
        value={times[name]}
        aria-invalid={problem}
        aria-describedby={problem ? id : undefined}
        onChange={({ target }) => {
          setProblem(false);
          setTimes({ ...times, [name]: target.value });
        }}
      />
    </label>
  );
  return (
    <form className="chart-range" aria-label={CHARTS.range} noValidate onSubmit={submit}>
      {field("from", CHARTS.from)}
      {field("to", CHARTS.to)}
      <button type="submit" className="button small primary">{CHARTS.show}</button>
      <button type="button" className="button small quiet" onClick={onClose}>{CHARTS.close}</button>
      {problem && <p id={id} className="problem basis-full" role="alert">{CHARTS.wrongRange}</p>}
    </form>
  );
}
