"""`demo(name)`: shows, line by line, how a model is made, and runs the lines."""

from __future__ import annotations

from typing import Any

from artesian.client.checks import check_choice, check_type

_Step = tuple[str, str]
_CONNECT: _Step = ("Connect to a server, or start one", "h2o.init()")
_PREDICTORS = '["displacement", "power", "weight", "acceleration", "year"]'


def _steps(what: str, model: str, learned: _Step) -> tuple[_Step, ...]:
    """The demo of one model: what is trained, the line that makes it, what to look at."""
    return (
        _CONNECT,
        ("A table of cars, which comes with this package", 'cars = h2o.load_dataset("cars_20mpg")'),
        ("What is in it", "cars.describe()"),
        (
            "Whether a car goes 20 miles on a gallon is to be told: a category",
            'cars["economy_20mpg"] = cars["economy_20mpg"].asfactor()',
        ),
        ("Four fifths to learn from, the others to test", "train, test = cars.split_frame(ratios=[0.8], seed=1)"),
        (what, f'model = h2o.{model}\nmodel.train({_PREDICTORS}, "economy_20mpg", train)'),
        learned,
        ("What it says of the others", "model.predict(test).show()"),
        ("And how often that is right", "model.model_performance(test).show()"),
    )


_DEMOS: dict[str, tuple[_Step, ...]] = {
    "deeplearning": _steps(
        "A network with two hidden layers",
        "H2ODeepLearningEstimator(hidden=[10, 10], epochs=50, seed=1)",
        ("What it learned", "model.show()"),
    ),
    "gbm": _steps(
        "Fifty trees, each of which mends what those before it leave",
        "H2OGradientBoostingEstimator(ntrees=50, seed=1)",
        ("Which columns it goes by", "print(model.varimp())"),
    ),
    "glm": _steps(
        "A logistic regression, with a penalty chosen for the data",
        'H2OGeneralizedLinearEstimator(family="binomial", lambda_search=True, seed=1)',
        ("Its coefficients", "print(model.coef())"),
    ),
}


def demo(funcname: str, interactive: bool = True, echo: bool = True, test: bool = False) -> None:
    """Plays a demo: 'deeplearning', 'gbm' or 'glm'.

    With `interactive` it waits before each step for Enter (and stops at a 'q'), with `echo` it prints what it runs, and with
    `test` it takes the connection that there is instead of calling `init`.
    """
    for name, flag in (("interactive", interactive), ("echo", echo), ("test", test)):
        check_type(name, flag, bool)
    check_type("funcname", funcname, str)
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
