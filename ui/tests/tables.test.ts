import { describe, expect, it } from "vitest";
import { bytes, duration, number, percent } from "../src/parts/format";
import { condition, EVERYTHING, nextSort, shown, toCsv, toTsv, type ColumnValue } from "../src/parts/table-model";

type Row = { name: string; size: number | null };
const rows: Row[] = [
  { name: "b10", size: 3 },
  { name: "b9", size: null },
  { name: "A", size: -1 },
  { name: "=1+1", size: 20 },
];
const columns: ColumnValue<Row>[] = [
  { key: "name", title: "Name", value: (row) => row.name },
  { key: "size", title: "Size", value: (row) => row.size, numeric: true },
];

describe("numbers", () => {
  it.each([
    [0.846506003, "0.8465"],
    [1, "1"],
    [60000, "60\u202f000"],
    [1234.5678, "1\u202f235"],
    [12.34567, "12.35"],
    [0.00001234, "1.234e-5"],
    [-0.00001234, "-1.234e-5"],
    [0, "0"],
    ["NaN", "–"],
    [null, "–"],
    [Infinity, "∞"],
    [1234567890123456789n, "1\u202f234\u202f567\u202f890\u202f123\u202f456\u202f789"],
  ])("%s", (value, text) => expect(number(value)).toBe(text));

  it("have units", () => {
    expect([duration(340), duration(1234), duration(185000), duration(7800000)]).toEqual(["340 ms", "1.2 s", "3 min 5 s", "2 h 10 min"]);
    expect([bytes(512), bytes(1234), bytes(999999), bytes(3.4e9)]).toEqual(["512 B", "1.2 KB", "1.0 MB", "3.4 GB"]);
    expect([percent(0), percent(0.1234), percent(0.00001), percent(1)]).toEqual(["0 %", "12.3 %", "< 0.1 %", "100 %"]);
  });
});

describe("rows", () => {
  it("sort by size or as people order names, missing ones last", () => {
    const by = (key: string, descending: boolean): number[] => shown(rows, columns, { ...EVERYTHING, sort: { key, descending } });
    expect(by("size", true)).toEqual([3, 0, 2, 1]);
    expect(by("size", false)).toEqual([2, 0, 3, 1]);
    expect(by("name", false)).toEqual([3, 2, 1, 0]);
  });

  it("are filtered by conditions and found by a part of their text", () => {
    expect(shown(rows, columns, { ...EVERYTHING, filters: { size: "> 0", name: "b" } })).toEqual([0]);
    expect(shown(rows, columns, { ...EVERYTHING, search: "B1" })).toEqual([0]);
    expect([condition("0..5")(5), condition("0..5")(null), condition("!= 3")(3), condition("=a")("A"), condition("")(null)]).toEqual([
      true, false, false, true, true,
    ]);
  });

  it("turn through both directions and back to none", () => {
    const first = nextSort(null, "size", true);
    const second = nextSort(first, "size", true);
    expect([first, second, nextSort(second, "size", true)]).toEqual([{ key: "size", descending: true }, { key: "size", descending: false }, null]);
  });

  it("copy as text and as a file that no spreadsheet runs", () => {
    expect(toTsv(rows.slice(0, 2), columns)).toBe("Name\tSize\nb10\t3\nb9\t");
    expect(toCsv(rows.slice(2), columns)).toBe("Name,Size\r\nA,-1\r\n'=1+1,20\r\n");
  });
});
