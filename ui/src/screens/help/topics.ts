/** Help, topic by topic, in the notebook's own Markdown. Commands and parameters have their help in their declarations. */
export interface Topic {
  name: string;
  title: string;
  text: string;
}

export const topics: readonly Topic[] = [
  {
    name: "start", title: "Where to begin",
    text: `Everything begins with data: **Data → Import files** takes paths on the server, web addresses, or files of this computer.
Choose the columns' types, parse, and a *frame* is there. **Build model** on the frame opens the form of an algorithm; **AutoML** tries many.
What is trained is a *model*: look at it, compare it with others, let it predict, take it along.

Each click that does something writes a command into the notebook, below where you were, and runs it. So a notebook is the whole
story, and *Notebook → Run all* tells it again.`,
  },
  {
    name: "cells", title: "Cells and keys",
    text: `A cell is a command, text, or a heading. A frame around it shows which one is selected. \`Enter\` goes into its text, \`Esc\` out of it;
\`Shift Enter\` runs it and goes to the next. With a cell selected single letters act: \`a\` and \`b\` insert above and below, \`d d\` deletes,
\`z\` brings it back, \`h\` shows all keys.

The strip at the left tells a cell's state. **Stale** means: its text changed since it ran, or what it stands on changed or went.
Nothing is run again by itself; the arrow at the left does it.`,
  },
  {
    name: "notebooks", title: "Notebooks and files",
    text: `A notebook with a name is kept on the server and saves itself. *Download this notebook* gives a \`.flow\` file, which H2O's Flow reads,
and *Open file* reads such files. They hold commands and texts, never results; results of this browser come back after a reload,
asked for anew from the server.`,
  },
  {
    name: "import", title: "Import and parse",
    text: `A path may be a file, a folder, or a pattern such as \`data/part-*.csv\`; all files become one frame. The server reads where it was
started, and in the folders of its setting \`import_roots\`.

Before parsing, look at the types. A class that is written as a number, such as the digit of a picture, must be *Enum*: then models
learn classes, not a quantity. Many columns are changed at once: search, check, choose.`,
  },
  {
    name: "frames", title: "Frames",
    text: `A frame is a table that the server holds in memory. **Split** makes random parts, for training and for judging what was learned.
**Impute** fills missing values; **Merge** joins two frames by the columns that share a name; **Bind** puts columns side by side.
Frames that are not needed any more take memory: *Data → Delete frames*.`,
  },
  {
    name: "models", title: "Building a model",
    text: `Choose the frame, the *response column* (what to predict), and an algorithm. Parameters that are left alone keep good defaults; the
search finds any of them, and *changed only* shows what is yours. What the server says to a value stands beside it.

Give a *validation frame*, or *nfolds*, so that the model is judged on rows that it has not seen: scores on the rows of training
flatter. *Early stopping* (\`stopping_rounds\`) ends a training that no longer gets better there.`,
  },
  {
    name: "metrics", title: "Reading scores",
    text: `**AUC**: how well rows of the two classes are put in order; 0.5 is guessing, 1 perfect. **Logloss**: how far the probabilities are from
what happened; less is better. **RMSE**, **MAE**: how far numbers are off, in the response's own unit. **R²**: the part of the variation
that is explained.

In a *confusion matrix* rows are the true classes, columns the predicted ones; what is off the diagonal is wrong. For two classes
the *threshold* decides how sure a model must be to say yes.`,
  },
  {
    name: "automl", title: "AutoML",
    text: `AutoML trains models of many kinds, one after the other, and ranks them by cross-validation. Give it a time or a number of models.
The leaderboard grows while it runs. With \`nfolds\` above 1 ensembles of the others come at the end; they often win, and predict more slowly.`,
  },
  {
    name: "grid", title: "Grid search",
    text: `In the form of a model switch *Grid search* on and check parameters that shall take several values, separated by semicolons. Every
combination is trained, or a random choice of them under a limit. The result is a table with a column for each parameter, and
parallel coordinates that show which values go with good scores.`,
  },
  {
    name: "partial", title: "Partial dependence",
    text: `*Score → Partial dependence* shows how the mean prediction changes as one column takes one value after the other and all else stays. The
band is a standard deviation over the rows. Two columns together make a heat map. It tells what the model has learned, not what is
true of the world; and where columns go together, some of the rows it looks at could not exist.`,
  },
  {
    name: "predict", title: "Predicting",
    text: `*Predict* applies a model to any frame with the columns it was trained on. With the response in the frame there are scores, too. The
predictions are a frame of their own: download it, or bind it to the frame it came from.`,
  },
  {
    name: "export", title: "Taking models along",
    text: `*Export* in a model's screen downloads it as a file, and shows how to reach it from Python, R and the command line. *Import a model* reads
such a file again, on this server or another of the same version.`,
  },
  {
    name: "programs", title: "From programs",
    text: `The menu of a cell copies its command as Python, R or curl. The Python client of H2O works with this server, and so does ours
(\`import artesian as h2o\`). *Help → REST interface* shows every route, and tries it.`,
  },
  {
    name: "trouble", title: "When something goes wrong",
    text: `An error says what is wrong, and its trace is folded below it. The command stays: mend it and run it again. When the server does
not answer, the page keeps what it shows and goes on by itself once it is back.

*Out of memory*: delete frames and models, or sample the rows. *A path may not be read*: it lies outside of the server's
\`import_roots\`. *Log* and *Timeline* in *Admin* tell what the server did.`,
  },
];

/** Topics that hold all words, those with the words in their title first. */
export function findTopics(typed: string): Topic[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = topics.filter((topic) => words.every((word) => `${topic.title} ${topic.text}`.toLowerCase().includes(word)));
  const inTitle = (topic: Topic): boolean => words.every((word) => topic.title.toLowerCase().includes(word));
  return [...found.filter(inTitle), ...found.filter((topic) => !inTitle(topic))];
}
