import { expect, test } from "vitest";
import { appointmentProblem, changed, emptyAppointment, eventOf, nicknamesIn, type AppointmentDraft } from "./appointment";

const now = new Date(2026, 11, 31, 23, 20);
const good: AppointmentDraft = { title: " Review ", startsAt: "2027-03-01T09:30", invited: "Bob, Carl ,, Bob", clientId: "one" };

test("a new one begins with the next full hour, also over midnight", () => {
  expect(emptyAppointment(now)).toMatchObject({ title: "", startsAt: "2027-01-01T00:00", invited: "" });
});

test("is sent trimmed, with each nickname once and the start as a moment", () => {
  expect(eventOf(good)).toEqual({
    title: "Review",
    startsAt: new Date(2027, 2, 1, 9, 30).toISOString(),
    invited: ["Bob", "Carl"],
    clientId: "one",
  });
});

test("keeps its id when it is sent again, and gets another when it is changed", () => {
  expect(eventOf(good).clientId).toBe(eventOf(good).clientId);
  const other = changed(good, { title: "Another" });
  expect(other.title).toBe("Another");
  expect(other.clientId).not.toBe(good.clientId);
});

test("a good one has no problem", () => {
  expect(appointmentProblem(good, now)).toBeNull();
});

test.each<[Partial<AppointmentDraft>, string, string]>([
  [{ title: " " }, "title", "needs a title"],
  [{ title: "x".repeat(201) }, "title", "at most 200"],
  [{ startsAt: "" }, "startsAt", "Choose a day"],
  [{ startsAt: "2026-12-31T23:00" }, "startsAt", "has passed"],
  [{ invited: " , " }, "invited", "at least one person"],
  [{ invited: Array.from({ length: 101 }, (_, index) => `n${index}`).join() }, "invited", "At most 100"],
])("%j is told beside its field", (changes, field, text) => {
  const problem = appointmentProblem({ ...good, ...changes }, now);
  expect(problem?.field).toBe(field);
  expect(problem?.text).toContain(text);
});

test("200 characters are a title, also such that take two units", () => {
  expect(appointmentProblem({ ...good, title: "🦅".repeat(200) }, now)).toBeNull();
});

test("nicknames may have blanks in them", () => {
  expect(nicknamesIn("Mary Ann,Bob")).toEqual(["Mary Ann", "Bob"]);
});
