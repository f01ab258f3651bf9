"""Small texts with options, whose reading by H2O-3 is recorded in `reference_answers.json` by `record_reference.py`.

Only cases where we mean to read exactly as H2O-3 does; where we differ on purpose, a test of its own says so.
"""

from __future__ import annotations

from typing import Any


def _rows(*rows: str) -> str:
    return "\n".join(rows) + "\n"


_MANY = [f"{i},s{i % 28},{i % 3}" for i in range(30)]

# name: (text, options of the official client's parse_setup)
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain numbers": (_rows("a,b", "1,2", "3,4"), {}),
    "no header": (_rows("1,2,3", "4,5,6"), {}),
    "header and one row": (_rows("a,b,c", "4,5,6"), {}),
    "header alone": ("a,b\n", {}),
    "header alone without newline": ("a,b,c", {}),
    "words in two rows are data": (_rows("a,b,c", "d,e,f"), {}),
    "header forced": (_rows("a,b,c", "d,e,f", "d,e,f"), {"header": 1}),
    "header denied": (_rows("a,b", "1,2", "3,4"), {"header": -1}),
    "date in the first row is data": (_rows("2020-01-01,b", "x,y"), {}),
    "blank name": (_rows("a,,b", "1,2,3", "3,4,5"), {}),
    "quoted header": (_rows('"a b","c,d"', "1,2", "3,4"), {}),
    "blanks around names": (_rows(" a , b ", "1,2", "3,4"), {}),
    "missing word in a categorical": (_rows("a,b", "1,NA", "2,x", "3,y", "4,x", "5,x"), {}),
    "missing word among numbers": (_rows("a,b", "1,NA", "2,4", "3,5"), {}),
    "only missing words": (_rows("a,b", "1,NA", "2,NA", "3,NA"), {}),
    "one word repeated": (_rows("a,b", "1,x", "2,x", "3,x"), {}),
    "one word among numbers": (_rows("a,b", "1,x", "2,5", "3,6"), {}),
    "two words among numbers": (_rows("a,b", "1,x", "2,5", "3,y"), {}),
    "words and zeros": (_rows("a,b", "0,z", "x,z", "x,z", "0,z", "x,z"), {}),
    "words, zeros and a number": (_rows("a,b", "1,2", "x,0", "x,2", "y,y", "x,x", "5,0"), {}),
    "words in a numeric column become missing": (_rows("a,b", "1,2", "x,2", "5,2", "y,5", "7,5"), {}),
    "numbers in a categorical stay levels": (_rows("a,b", "1,2", "x,2", "x,2", "y,5"), {}),
    "unique words are strings": (_rows("a,b", *[f"{i},s{i}" for i in range(30)]), {}),
    "words with few repeats are strings": (_rows("a,b", *[f"{i},s{i % 29}" for i in range(30)]), {}),
    "words with more repeats are levels": (_rows("a,b,c", *_MANY), {}),
    "all missing rows": (_rows("a,b", "5,x", ",", "3,x", ",", "5,x"), {}),
    "all missing column": (_rows("a,b", ",x", ",x", ",y", ",y"), {"header": 1}),
    "empty quoted field is a level": (_rows("a,b", '1,""', "2,x", "3,", "4,x", "5,x"), {}),
    "inner quotes doubled": (_rows("a,b", '1,"x ""q"" y"', '2,"x ""q"" y"', "3,z"), {}),
    "newline in quotes": (_rows("a,b", '1,"x\ny"', '2,"x\ny"', "3,z"), {}),
    "separator in quotes": (_rows("a,b", '1,"x,y"', '2,"x,y"', "3,z"), {}),
    "blanks around quotes": (_rows("a,b", '1, "x , y" ', '2, "x , y" ', '3," z"', '4," z"'), {}),
    "quote inside of a field": (_rows("a,b", '1,z"z', '2,z"z', "3,y"), {}),
    "single quotes": (_rows("a,b", "1,'x,y'", "2,'x,y'", "3,'it''s'"), {"quotechar": "'"}),
    "single quotes as text": (_rows("a,b", "1,'x'", "2,'x'", "3,'y'"), {}),
    "escape character": (_rows("a,b", '1,"x\\"y"', '2,"x\\"y"', '3,"zz"'), {"escapechar": "\\"}),
    "blanks around words": (_rows("x , y ", "x , y ", "x , z", "w,z", " w,z"), {}),
    "blanks around numbers": (_rows("a,b", "1 , 2", " 3,4 "), {}),
    "signs and forms of numbers": (_rows("a", "1e3", "1E-2", "+5", "-5", "1.", ".5", "00012", "-0.25"), {"header": 1}),
    "no numbers": (_rows("a", "1", "2", "3", "4", "5", "0x10", "1_000", "5/6", "4-5", "(5)"), {"header": 1}),
    "currency and percent": (_rows("a,b", "$5,10%", '"7","8"', " 9 , 3", "$-2,0.5%"), {"header": 1}),
    "quoted numbers": (_rows("a,b", '"1","2.5"', '"3","4"'), {}),
    "truth words": (_rows("id,v", "1,True", "2,False", "3,True", "4,True"), {}),
    "tab": (_rows("a\tb", "1\t", "\t5"), {}),
    "semicolon with decimal commas": (_rows("a;b", "1,5;2", "3,4;5"), {}),
    "semicolon against comma": (_rows("id;v;w", "1;a,b;2", "2;c,d;3"), {}),
    "pipe": (_rows("a|b", "1|2", "|5"), {}),
    "hive": (_rows("a\x01b", "1\x012", "3\x015"), {}),
    "hive does not quote": (_rows("a\x01b", '1\x01"x"', '2\x01"x"', "3\x01y"), {}),
    "blanks separate": (_rows("a b  c", "1  2 3", "3 4   5 "), {}),
    "separator given": (_rows("a:b", "1:2", "3:4"), {"separator": ":"}),
    "one column of numbers": (_rows("a", "1", "2"), {}),
    "one column of words": (_rows("a", "b", "b", "c", "c", "c", "c"), {}),
    "one number": ("5", {}),
    "one row": ("5,x,2020-01-01\n", {}),
    "carriage returns": ("a,b\r\n1,x\r\n3,x\r\n", {}),
    "carriage returns alone": ("a,b\r1,2\r3,4\r", {}),
    "comments": (_rows("#c", "a,b", "1,2", "#x,y", "3,4"), {}),
    "own comment markers": (_rows("a,b", "%c,1", "1,2", ";d,1", "#3,4"), {"custom_non_data_line_markers": "%;"}),
    "blank lines": (_rows("a,b", "1,2", "", "  ", "3,4"), {}),
    "short and long rows": (_rows("a,b", "1,2", "3", "4,5,6", "7,8"), {}),
    "order of levels": (_rows("a,b", "5,é", "3,z", "3,z", "1,ü", "3,ü", "1,é", "2,Z", "3,Z", "1,a b", "1,a"), {}),
    "levels are not sorted as numbers": (_rows("a,b", "1,x", "10,x", "2,x", "x,x", "x,x", "y,x", "y,x", "z,x"), {}),
    "dates": (
        _rows(
            "t,u,v", "2020-01-02,01-Jan-20,1/2/20", "2020-3-4,01-February-2020,3/4/2021", "1999-12-31,5Mar21,01-02-2003"
        ),
        {"header": 1},
    ),
    "dates with times": (
        _rows(
            "t,u",
            "2020-01-02 01:02:03,3/4/2021 05:06:07",
            "2020-01-02 01:02:03 PM,01-Jan-20:10:11:12",
            "2020-01-02 01.02.03.456,1-Feb-2021 23:59:59.999",
            "20200102-03:04:05,1/2/99 1:2:3 AM",
        ),
        {"header": 1},
    ),
    "months and times alone": (_rows("t,u", "20-Jan,12:34:56", "21-feb,1:2:3", "22-March,11:12:13 AM"), {"header": 1}),
    "years of two digits": (_rows("t", "1/1/68", "1/1/69", "31-Dec-68", "31-Dec-69"), {"header": 1}),
    "days that do not exist": (
        _rows("t", "2020-02-29", "2021-02-29", "2020-13-01", "2020-04-31", "2020-01-01", "2020-01-02", "2020-01-03"),
        {"header": 1},
    ),
    "missing among times": (_rows("t,x", "2020-01-02,1", "NA,2", ",3", "abc,4", "2020-01-03,5", "2020-01-05,5"), {}),
    "uuids": (
        _rows("u,x", "123e4567-e89b-12d3-a456-426614174000,1", "123E4567-E89B-12D3-A456-426614174001,2", "5,3", ",4"),
        {},
    ),
    "names given": (_rows("1,2", "3,4"), {"column_names": ["x", "y"]}),
    "types given": (_rows("a,b,c", "1,2,3", "3,4,5"), {"column_types": ["enum", "string", "time"]}),
    "number type given to words": (_rows("a,b", "x,2", "x,4", "5,1"), {"column_types": ["numeric", "numeric"]}),
    "categorical type given to numbers": (
        _rows("a,b", "1.50,2", "1.5,4", "10,1"),
        {"column_types": ["enum", "numeric"]},
    ),
    "time type given to words": (_rows("a,b", "x,2", "2020-01-01,4", "10,1"), {"column_types": ["time", "numeric"]}),
    "missing texts in words": (_rows("a,b", "1,x", "2,-999", "3,x", "4,?"), {"na_strings": ["-999", "?"]}),
    "missing texts by column": (
        _rows("a,b", "x,x", "y,y", "x,x", "y,y"),
        {"na_strings": [["x"], ["y"]]},
    ),
    "columns skipped": (_rows("a,b,c", "1,2,3", "3,4,5"), {"skipped_columns": [1]}),
    "columns skipped with words": (_rows("a,b,c", "x,2,u", "x,4,u", "y,4,v"), {"skipped_columns": [0]}),
}
