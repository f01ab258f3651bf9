import { describe, expect, it } from "vitest";
import { readLog, shares } from "../src/screens/admin/meters";
import { readEvent } from "../src/screens/admin/traffic";

describe("meters", () => {
  it("takes the ticks of the time between two readings", () => {
    expect(shares([100, 50, 0, 850], [130, 60, 0, 910])).toEqual([0.3, 0.1, 0, 0.6]);
    expect(shares([1, 1, 1, 1], [1, 1, 1, 1])).toEqual([0, 0, 0, 0]);
  });
  it("takes an event apart, also one whose path has blanks", () => {
    expect(readEvent({ date: "12:00:00:000", msg_type: "GET", from: "a", data: "/3/Frames/a b 404 1.5 ms" })).toMatchObject({ path: "/3/Frames/a b", status: 404, took: 1.5 });
    expect(readEvent({ date: "", msg_type: "", from: "", data: "something else" })).toMatchObject({ path: "something else", status: null });
  });
  it("reads lines of a log, and gives a trace to the line before", () => {
    const lines = readLog("2026-11-22 14:00:00,123 586 INFO artesian.client: started\n2026-11-22 14:00:01,000 ERROR failed\n  File x\n  File y\n\nplain");
    expect(lines.map((line) => line.level)).toEqual(["INFO", "ERROR", ""]);
    expect(lines[0]).toMatchObject({ time: "2026-11-22 14:00:00,123", text: "artesian.client: started" });
    expect(lines[1]?.text).toContain("File y");
  });
});
