import { dayName } from "../lib/time";

export function DayLine({ time }: { time: string | number }) {
  return (
    <p className="day-line">
      <span>{dayName(time)}</span>
    </p>
  );
}
