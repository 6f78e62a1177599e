import { useCallback, useState, type FormEvent } from "react";
import { inWords } from "../lib/errors";

interface Submission {
  busy: boolean;
  /** Why it did not succeed, in words. */
  error: string | null;
  clearError: () => void;
  onSubmit: (event: FormEvent) => Promise<void>;
}

/** A form that does one thing at a time, which may fail. */
export function useSubmission(action: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const clearError = useCallback(() => setError(null), []);

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (reason) {
      setError(inWords(reason));
    } finally {
      setBusy(false);
    }
  }

  return { busy, error, clearError, onSubmit };
}
