import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { appointmentProblem, eventOf, nicknamesIn, type AppointmentDraft } from "../lib/appointment";
import { ChatError, codeOf, endsSession, inWords } from "../lib/errors";
import { dayAndClock } from "../lib/time";
import { useAppointment } from "../stores/appointment";
import { words as presentWords } from "../stores/settings";
import { Field } from "./Field";
import { Suggestions } from "./Suggestions";

type Problem = { field: keyof AppointmentDraft | null; text: string };

export function AppointmentForm() {
  const words = useWords();
  const { notifications: client } = useChat();
  const { draft, change, reset } = useAppointment();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();

  useEffect(() => {
    const field = problem?.field ?? "title";
    form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
  }, [problem]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setDone(null);
    const mistake = appointmentProblem(draft, new Date());
    if (mistake) return setProblem(mistake);
    setBusy(true);
    setProblem(null);
    try {
      if (!client) throw new ChatError("DISCONNECTED");
      const planned = eventOf(draft);
      await client.plan(planned);
      reset();
      setDone(words.planned(planned.title, dayAndClock(planned.startsAt), planned.invited.join(", ")));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  const write = (changes: Partial<AppointmentDraft>): void => {
    setDone(null);
    change(changes);
  };
  const errorOf = (field: keyof AppointmentDraft): string | null => (problem?.field === field ? problem.text : null);

  return (
    <form ref={form} className="appointment-form" onSubmit={submit} noValidate>
      <Field
        id={`${id}-title`}
        name="title"
        label={words.title}
        testId="appointment-title"
        value={draft.title}
        error={errorOf("title")}
        onValue={(title) => write({ title })}
      />
      <Field
        id={`${id}-start`}
        name="startsAt"
        type="datetime-local"
        label={words.starts}
        testId="appointment-start"
        value={draft.startsAt}
        error={errorOf("startsAt")}
        onValue={(startsAt) => write({ startsAt })}
      />
      <Field
        id={`${id}-invited`}
        name="invited"
        label={words.invite}
        hint={words.inviteHint}
        testId="appointment-invited"
        value={draft.invited}
        error={errorOf("invited")}
        onValue={(invited) => write({ invited })}
      />
      <Suggestions
        chosen={nicknamesIn(draft.invited)}
        onChosen={(nickname) => write({ invited: [...nicknamesIn(draft.invited), nickname].join(", ") })}
      />
      <p className="field-error" role="alert" data-testid="appointment-error">
        {problem?.field === null && problem.text}
      </p>
      <p className="appointment-done" role="status" data-testid="appointment-done">
        {done}
      </p>
      <button className="button primary" data-testid="plan-button" aria-disabled={busy}>
        {busy ? words.planning : words.planAndInvite}
      </button>
    </form>
  );
}

function problemOf(error: unknown): Problem {
  const code = codeOf(error);
  if (endsSession(code)) return { field: null, text: presentWords().notPlannedYet };
  const text = inWords(error);
  if (code === "UNKNOWN_USER") return { field: "invited", text };
  if (code === "NETWORK" || code === "TIMEOUT" || code === "DISCONNECTED") {
    return { field: null, text: `${text} ${presentWords().plannedOnce}` };
  }
  return { field: null, text };
}
