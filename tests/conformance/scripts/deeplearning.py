"""Deep Learning through the official client: three kinds of response, cross-validation, checkpoint, autoencoder, errors."""

import os

import h2o
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from reference_data import small

h2o.connect(url=os.environ["ARTESIAN_URL"], verbose=False)
h2o.no_progress()

iris = h2o.import_file(small("iris.csv"))
label, features = iris.columns[4], iris.columns[:4]
train, test = iris.split_frame([0.8], seed=1)
model = H2ODeepLearningEstimator(
    hidden=[20, 20], activation="tanh", epochs=60, seed=3, nfolds=3, keep_cross_validation_predictions=True
)
model.train(features, label, train, validation_frame=test)
assert model.mean_per_class_error(train=True) < 0.15, model.mean_per_class_error(train=True)
assert model.logloss(xval=True) < 0.6
assert len(model.confusion_matrix(test).cell_values) == 4
assert len(model.hit_ratio_table(valid=True).cell_values) == 3
assert len(model.cross_validation_models()) == 3
assert len(model.cross_validation_predictions()) == 3
assert len(model.varimp()) == 4
predicted = model.predict(test)
assert predicted.columns[0] == "predict"
assert predicted.ncol == 4
assert abs(predicted[1:].sum(axis=1, return_frame=True).min() - 1) < 1e-5
assert model.model_performance(test).mean_per_class_error() < 0.3
history = model.scoring_history()
assert "epochs" in list(history.columns)

more = H2ODeepLearningEstimator(hidden=[20, 20], activation="tanh", epochs=80, seed=3, checkpoint=None)
more.train(features, label, train)
longer = H2ODeepLearningEstimator(hidden=[20, 20], activation="tanh", epochs=120, seed=3, checkpoint=more.model_id)
longer.train(features, label, train)
assert longer.scoring_history()["epochs"].max() > 80

prostate = h2o.import_file(small("prostate.csv"))
prostate["CAPSULE"] = prostate["CAPSULE"].asfactor()
binary = H2ODeepLearningEstimator(hidden=[30], epochs=30, seed=1, activation="tanh", variable_importances=True)
binary.train(["AGE", "RACE", "PSA", "GLEASON", "DPROS"], "CAPSULE", prostate)
assert binary.auc() > 0.7, binary.auc()
performance = binary.model_performance(prostate)
assert 0 < performance.find_threshold_by_max_metric("f1") < 1
assert performance.confusion_matrix().to_list()
assert performance.gains_lift() is not None
assert len(performance.roc()) == 2

regression = H2ODeepLearningEstimator(hidden=[30], epochs=40, seed=1)
regression.train(["RACE", "PSA", "GLEASON", "DPROS"], "AGE", prostate)
assert regression.rmse() < 8
assert regression.predict(prostate).columns == ["predict"]

weights = H2ODeepLearningEstimator(hidden=[5, 4], epochs=1, export_weights_and_biases=True)
weights.train(features, label, iris)
assert weights.weights(0).shape == (5, 4), weights.weights(0).shape
assert weights.biases(2).nrow == 3
assert weights.deepfeatures(iris, 1).ncol == 4

auto = H2OAutoEncoderEstimator(hidden=[3], epochs=20, activation="tanh", seed=1)
auto.train(features, training_frame=iris)
errors = auto.anomaly(iris)
assert errors.shape == (150, 1)
assert auto.anomaly(iris, per_feature=True).shape == (150, 4)
assert auto.predict(iris).columns[0].startswith("reconstr_")

try:
    H2ODeepLearningEstimator(hidden=[5], input_dropout_ratio=7).train(features, label, iris)
except h2o.exceptions.H2OResponseError as error:
    text = str(error)
    assert "input_dropout_ratio" in text, text
else:
    raise AssertionError("an input dropout ratio of 7 was accepted")
