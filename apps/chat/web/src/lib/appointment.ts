// An appointment as it is written in the form, and what is sent of it.

import { words } from "../stores/settings";
import { newClientId } from "./ids";
import { MAX_INVITED, MAX_TITLE_LENGTH, type NewEvent } from "./types";

export interface AppointmentDraft {
  title: string;
  /** As an input of the type "datetime-local" has it: local time, "2027-03-01T09:30". */
  startsAt: string;
  /** Nicknames, separated by commas. */
  invited: string;
  /** Stays over failed attempts, so that trying again plans one appointment and not two. */
  clientId: string;
}

export function emptyAppointment(now: Date): AppointmentDraft {
  return { title: "", startsAt: nextFullHour(now), invited: "", clientId: newClientId() };
}

/** A changed appointment is another one: it must not be taken for what an earlier attempt may have stored. */
export function changed(draft: AppointmentDraft, changes: Partial<Omit<AppointmentDraft, "clientId">>): AppointmentDraft {
  return { ...draft, ...changes, clientId: newClientId() };
}

export function nicknamesIn(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Why it cannot be sent, by field and in words; null when it can. */
export function appointmentProblem(draft: AppointmentDraft, now: Date): { field: keyof AppointmentDraft; text: string } | null {
  const { title, startsAt, invited } = draft;
  if (title.trim() === "") return { field: "title", text: words().needsTitle };
  if ([...title.trim()].length > MAX_TITLE_LENGTH) {
    return { field: "title", text: words().titleLong(MAX_TITLE_LENGTH) };
  }
  const start = new Date(startsAt).getTime();
  if (Number.isNaN(start)) return { field: "startsAt", text: words().chooseTime };
  if (start < now.getTime()) return { field: "startsAt", text: words().timePassed };
  const names = nicknamesIn(invited);
  if (names.length === 0) return { field: "invited", text: words().inviteSomebody };
  if (names.length > MAX_INVITED) return { field: "invited", text: words().inviteFewer(MAX_INVITED) };
  return null;
}

export function eventOf({ title, startsAt, invited, clientId }: AppointmentDraft): NewEvent {
  return { title: title.trim(), startsAt: new Date(startsAt).toISOString(), invited: nicknamesIn(invited), clientId };
}

function nextFullHour(now: Date): string {
  const hour = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${hour.getFullYear()}-${two(hour.getMonth() + 1)}-${two(hour.getDate())}`;
  return `${day}T${two(hour.getHours())}:00`;
}
