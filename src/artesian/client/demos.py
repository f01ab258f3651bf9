"""`demo(name)`: shows, line by line, how a model is made, and runs the lines."""

from __future__ import annotations

from typing import Any

from artesian.client.checks import check_choice, check_type
from artesian.client.exceptions import NotAvailable

_CONNECT = ("Connect to a server, or start one", "h2o.init()")
_DEMOS: dict[str, tuple[tuple[str, str], ...]] = {
    "deeplearning": (
        _CONNECT,
        ("A table of cars, which comes with this package", 'cars = h2o.load_dataset("cars_20mpg")'),
        ("What is in it", "cars.describe()"),
        ("Whether a car goes 20 miles on a gallon is to be told: a category", 'cars["economy_20mpg"] = cars["economy_20mpg"].asfactor()'),
        ("Four fifths to learn from, the others to test", "train, test = cars.split_frame(ratios=[0.8], seed=1)"),
        (
            "A network with two hidden layers",
            "model = h2o.H2ODeepLearningEstimator(hidden=[10, 10], epochs=50, seed=1)\n"
            'model.train(["displacement", "power", "weight", "acceleration", "year"], "economy_20mpg", train)',
        ),
        ("What it learned", "model.show()"),
        ("What it says of the others", "model.predict(test).show()"),
        ("And how often that is right", "model.model_performance(test).show()"),
    ),
}  # fmt: skip
_NOT_YET = ("gbm", "glm")


def demo(funcname: str, interactive: bool = True, echo: bool = True, test: bool = False) -> None:
    """Plays a demo: 'deeplearning'. Those of 'gbm' and 'glm' come with their models.

    With `interactive` it waits before each step for Enter (and stops at a 'q'), with `echo` it prints what it runs, and with
    `test` it takes the connection that there is instead of calling `init`.
    """
    for name, flag in (("interactive", interactive), ("echo", echo), ("test", test)):
        check_type(name, flag, bool)
    check_type("funcname", funcname, str)
    if funcname in _NOT_YET:
        raise NotAvailable(
            f"The demo '{funcname}' shows a model that artesian does not have yet. There is 'deeplearning'."
        )
    check_choice("funcname", funcname, _DEMOS)
    import artesian.client as h2o

    names: dict[str, Any] = {"h2o": h2o}
    for what, lines in _DEMOS[funcname]:
        if test and (what, lines) == _CONNECT:
            continue
        if interactive and input("Enter for the next step, q to stop: ").strip().lower() == "q":
            return
        if echo:
            print(f"\n# {what}")
            print("\n".join(f">>> {line}" for line in lines.splitlines()))
        exec(compile(lines, f"<demo {funcname}>", "exec"), names)  # lines of this file, and nothing else
