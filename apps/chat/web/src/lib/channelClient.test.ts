import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { channelState, useChannelStates } from "../stores/channelStates";
import { useChannels } from "../stores/channels";
import { channelMessage, memoryStorage } from "../testing";
import { ChannelClient } from "./channelClient";
import { ChatError } from "./errors";
import type { ChannelMessage } from "./types";

const ME = "guest-aaaaaa";

let client: ChannelClient;
let answer: (content: string) => Promise<{ message: ChannelMessage }>;
let asked: string[];
/** The ids under which something was said. */
let ids: string[];

beforeEach(() => {
  vi.stubGlobal("localStorage", memoryStorage());
  useChannels.getState().restore();
  useChannelStates.setState({ byName: {} });
  asked = [];
  ids = [];
  answer = async (content) => ({ message: mine(1, content) });
  client = new ChannelClient("tea", {
    connected: true,
    request: (_, { content, clientId }) => {
      asked.push(content);
      ids.push(clientId ?? "");
      return answer(content);
    },
    tell: () => undefined,
  });
  client.welcomed({ name: ME, online: 1, recent: [] });
});

afterEach(() => vi.unstubAllGlobals());

const mine = (id: number, content: string): ChannelMessage =>
  channelMessage(id, { from: ME, content, clientId: ids.at(-1) ?? "none" });
const refuse = (code: string) => (answer = () => Promise.reject(new ChatError(code)));
const draft = (): string => useChannels.getState().drafts["tea"] ?? "";
const contents = (): string[] => channelState("tea").log.flatMap((run) => run.messages.map(({ content }) => content));

async function write(text: string): Promise<void> {
  useChannels.getState().setDraft("tea", text);
  await client.say(text.trim());
}

describe("saying something", () => {
  test("keeps the draft until the channel has the message", async () => {
    let confirm: (answer: { message: ChannelMessage }) => void = () => undefined;
    answer = () => new Promise((resolve) => (confirm = resolve));
    const saying = write("hello ");
    expect([draft(), channelState("tea").sending]).toEqual(["hello ", "hello"]);
    confirm({ message: mine(1, "hello") });
    await saying;
    expect([draft(), channelState("tea").sending, contents()]).toEqual(["", null, ["hello"]]);
  });

  test.each([
    ["EMPTY", "The message is empty."],
    ["TOO_LONG", "The message is longer than 2000 characters."],
    ["TOO_MANY_REQUESTS", "You are writing faster than the server takes it. Wait a few seconds and send it again."],
    ["TIMEOUT", "The server did not answer in time."],
  ])("says %s in words, and keeps the draft", async (code, sentence) => {
    refuse(code);
    await write("hello");
    expect(channelState("tea")).toMatchObject({ sending: null, problem: sentence });
    expect(draft()).toBe("hello");
    client.problemSeen();
    expect(channelState("tea").problem).toBeNull();
  });

  test("again after a failure is the same message, and something else another one", async () => {
    refuse("TIMEOUT");
    await write("hello");
    await write("hello");
    await write("bye");
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test("is one message at a time", async () => {
    await Promise.all([client.say("one"), client.say("two")]);
    expect(asked).toEqual(["one"]);
  });

  test("is not failed by a late error when the broadcast has confirmed it", async () => {
    answer = async (content) => {
      client.said(mine(1, content));
      throw new ChatError("TIMEOUT");
    };
    await write("hello");
    expect(channelState("tea")).toMatchObject({ sending: null, problem: null });
    expect(draft()).toBe("");
  });

  test("of the same by somebody else confirms nothing", async () => {
    refuse("DISCONNECTED");
    await write("hello");
    client.said(channelMessage(1, { content: "hello" }));
    expect(channelState("tea").sending).toBe("hello");
  });
});

describe("an answer lost with the connection", () => {
  beforeEach(async () => {
    refuse("DISCONNECTED");
    await write("hello");
  });

  test("is found among what the channel remembers", () => {
    client.welcomed({ name: "guest-bbbbbb", online: 1, recent: [mine(1, "hello")] });
    expect(channelState("tea")).toMatchObject({ sending: null, problem: null, names: [ME, "guest-bbbbbb"] });
    expect(draft()).toBe("");
  });

  test("or the message has not arrived, and is sent again as the same one", async () => {
    answer = async (content) => ({ message: mine(2, content) });
    client.welcomed({ name: "guest-bbbbbb", online: 1, recent: [channelMessage(1, { content: "hello" })] });
    await vi.waitFor(() => expect(channelState("tea").sending).toBeNull());
    expect(asked).toEqual(["hello", "hello"]);
    expect(ids[0]).toBe(ids[1]);
    expect(draft()).toBe("");
  });

  test("is sent again as often as the connection is lost", async () => {
    for (let i = 0; i < 3; i++) client.welcomed({ name: "guest-bbbbbb", online: 1, recent: [] });
    await vi.waitFor(() => expect(asked).toHaveLength(4));
    expect(new Set(ids).size).toBe(1);
    expect(channelState("tea")).toMatchObject({ sending: "hello", problem: null });
  });
});

test("knows how many are here, and how the connection stands", () => {
  client.onlineChanged(3);
  client.connectionChanged("offline", "The server has no channel of this name.");
  expect(channelState("tea")).toMatchObject({ online: 3, connection: "offline", refusal: "The server has no channel of this name." });
  client.connectionChanged("connected");
  expect(channelState("tea")).toMatchObject({ connection: "connected", refusal: null });
});

test("a channel that is opened again still knows what was said, and that it was us", () => {
  client.said(mine(1, "hello"));
  client.dispose();
  client.welcomed({ name: "guest-bbbbbb", online: 2, recent: [mine(1, "hello")] });
  expect(contents()).toEqual(["hello"]);
  expect(channelState("tea").names).toContain(ME);
});

test("drafts and the list of channels survive the page, each channel for itself", () => {
  const { setDraft, visit } = useChannels.getState();
  setDraft("tea", "half a thought");
  setDraft("work", "another");
  for (const name of ["tea", "work", "tea"]) visit(name);
  useChannels.setState({ visited: [], drafts: {} });
  useChannels.getState().restore();
  expect(useChannels.getState()).toMatchObject({ visited: ["tea", "work"], drafts: { tea: "half a thought", work: "another" } });
});
