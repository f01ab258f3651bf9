"""Frames and their columns: pages of data, statistics, lists."""

from __future__ import annotations

from artesian.server.wire.schema import both, declare, given, out

_PAGE = (
    both("row_offset", "long", "First row.", 0),
    both("row_count", "int", "Rows; -1 for as many as a page shows.", -1),
    both("column_offset", "int", "First column.", 0),
    both(
        "full_column_count", "int", "Columns with data and statistics; the rest only with names and types; -1: all.", -1
    ),
    both("column_count", "int", "Columns; -1 for all.", -1),
)
FRAMES = declare(
    "FramesV3",
    "Frames",
    given("frame_id", "Key<Frame>", "Which frame.", echoed=False),
    given("column", "string", "Which column.", echoed=False),
    *_PAGE,
    given("find_compatible_models", "boolean", "Also list the models that can score the frame.", False, echoed=False),
    given("path", "string", "Path to write to.", echoed=False),
    given("force", "boolean", "Write over what is there.", False, echoed=False),
    given("num_parts", "int", "Files to write; 1: one, -1: as many as suit.", 1, echoed=False),
    given("parallel", "boolean", "Write one file with several threads.", False, echoed=False),
    given("format", "enum", "csv or parquet.", "csv", echoed=False, values=("csv", "parquet")),
    both("compression", "string", "none, gzip, bzip2, zstd or snappy."),
    both("write_checksum", "boolean", "Write a checksum beside the file.", True),
    both("tz_adjust_from_local", "boolean", "Move times from the server's time zone to UTC.", False),
    both("separator", "byte", "Code of the character between fields.", 44),
    both("header", "boolean", "Start with a line of names.", True),
    both("quote_header", "boolean", "Put the names in quotes.", True),
    out("job", "Job", "The job that exports.", of="JobV3"),
    out("frames", "Frame[]", "Frames.", of="FrameV3"),
    out("compatible_models", "Model[]", "Models that can score the frame.", of="ModelSchemaV3"),
    out("domain", "string[][]", "Levels of the column."),
    request=True,
)
FRAMES_LIST = declare(
    "FramesListV3",
    "Frames",
    given("frame_id", "Key<Frame>", "Which frame.", echoed=False),
    out("frames", "Iced[]", "Frames.", of="FrameSynopsisV3"),
    request=True,
)
_BASE = (
    both("frame_id", "Key<Frame>", "The frame."),
    out("byte_size", "long", "Bytes of its data.", 0),
    out("is_text", "boolean", "Whether it is a raw source, not yet parsed.", False),
)
SYNOPSIS = declare(
    "FrameSynopsisV3",
    "Iced",
    *_BASE,
    out("rows", "long", "Rows.", 0),
    out("columns", "long", "Columns.", 0),
    request=True,
    parent="FrameBaseV3",
)
FRAME = declare(
    "FrameV3",
    "Frame",
    *_BASE,
    both("row_offset", "long", "First row shown.", 0),
    both("row_count", "int", "Rows shown.", 0),
    both("column_offset", "int", "First column shown.", 0),
    both("column_count", "int", "Columns shown.", 0),
    both("full_column_count", "int", "Columns shown with data.", 0),
    both("total_column_count", "int", "Columns of the frame.", 0),
    out("checksum", "long", "Checksum of the contents.", 0),
    out("rows", "long", "Rows of the frame.", 0),
    out("num_columns", "long", "Columns of the frame.", 0),
    out("default_percentiles", "double[]", "Which percentiles columns tell, from 0 to 1."),
    out("columns", "Vec[]", "Columns.", of="ColV3"),
    out("compatible_models", "string[]", "Models that can score the frame, when asked for."),
    out("chunk_summary", "TwoDimTable", "How the columns are stored.", of="TwoDimTableV3"),
    out("distribution_summary", "TwoDimTable", "Where the columns are stored.", of="TwoDimTableV3"),
    request=True,
    parent="FrameBaseV3",
)
COLUMN = declare(
    "ColV3",
    "Vec",
    out("label", "string", "Name."),
    out("missing_count", "long", "Missing values.", 0),
    out("zero_count", "long", "Zeros.", 0),
    out("positive_infinity_count", "long", "Values of infinity.", 0),
    out("negative_infinity_count", "long", "Values of minus infinity.", 0),
    out("mins", "double[]", "The smallest values."),
    out("maxs", "double[]", "The largest values."),
    out("mean", "double", "Mean.", 0.0),
    out("sigma", "double", "Standard deviation.", 0.0),
    out("type", "string", "int, real, enum, time, string, uuid or bad."),
    out("domain", "string[]", "Levels of a categorical column."),
    out("domain_cardinality", "int", "Number of levels.", 0),
    out("data", "double[]", "Values of the rows shown; level numbers of a categorical column."),
    out("string_data", "string[]", "Values of the rows shown, of a string column."),
    out("precision", "byte", "Decimals, -1 for all.", -1),
    out("histogram_bins", "long[]", "Counts of a histogram, in a summary."),
    out("histogram_base", "double", "Where its first bin starts.", 0.0),
    out("histogram_stride", "double", "Width of its bins.", 0.0),
    out("percentiles", "double[]", "Percentiles, in a summary."),
)
CHUNKS = declare(
    "FrameChunksV3",
    "Iced",
    both("frame_id", "Key<Frame>", "The frame."),
    out("chunks", "Iced[]", "Its pieces.", of="FrameChunkV3"),
)
CHUNK = declare(
    "FrameChunkV3",
    "Iced",
    out("chunk_id", "int", "Number of the piece.", 0),
    out("row_count", "int", "Its rows.", 0),
    out("node_idx", "int", "Node that holds it.", 0),
)
FIND = declare(
    "FindV3",
    "Iced",
    given("key", "Key<Frame>", "The frame.", required=True, echoed=False),
    given("column", "string", "Column to search; all without one."),
    given("row", "long", "Row to start at.", 0, required=True),
    given("match", "string", "What to look for; missing values without it."),
    out("prev", "long", "Last row before it that matches, or -1.", -1),
    out("next", "long", "First row from it on that matches, or -1.", -1),
    request=True,
)
DOWNLOAD = declare(
    "DownloadDataV3",
    "Iced",
    given("frame_id", "Key<Frame>", "The frame.", required=True),
    given("hex_string", "boolean", "Write doubles in hexadecimal, so that nothing is lost.", False),
    given("escape_quotes", "boolean", "Write a quote inside a text as two quotes.", True),
    given(
        "format",
        "enum",
        "csv; arrow for an Arrow stream; coded_arrow for one of level numbers, behind the levels of each column.",
        "csv",
        values=("csv", "arrow", "coded_arrow"),
    ),
    given("filename", "string", "Name of the file."),
    request=True,
)
SAVE = declare(
    "FrameSaveV3",
    "Iced",
    given("frame_id", "Key<Frame>", "The frame.", echoed=False),
    given("dir", "string", "Folder to save in."),
    given("force", "boolean", "Write over what is there.", True),
    out("job", "Job", "The job that saves.", of="JobV3"),
    request=True,
)
LOAD = declare(
    "FrameLoadV3",
    "Iced",
    given("frame_id", "Key<Frame>", "Key of the frame to make.", echoed=False),
    given("dir", "string", "Folder that it was saved in."),
    given("force", "boolean", "Replace a frame of that key.", True),
    out("job", "Job", "The job that loads.", of="JobV3"),
    request=True,
)
SPLIT = declare(
    "SplitFrameV3",
    "SplitFrame",
    both("key", "Key<Job>", "The job that splits."),
    given("dataset", "Key<Frame>", "The frame to split.", required=True),
    given("ratios", "double[]", "Shares of the parts; the last part takes what they leave.", required=True),
    both("destination_frames", "Key<Frame>[]", "Keys of the parts."),
)
