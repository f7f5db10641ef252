#!/usr/bin/env python3
"""Prints what scikit-learn's SVC(kernel="rbf"), one class against all others, makes of the features of reference() in
svm_reference.py, as the rows of tst_rbf.cpp. Needs numpy and scikit-learn, in an environment of its own:

    python3 -m venv FOLDER && FOLDER/bin/pip install scikit-learn && FOLDER/bin/python tests/learn/rbf_reference.py

With an argument, a .npz file that holds x [rows, channels], y [rows] and fold [rows], it prints the accuracy of
SVC(kernel="rbf") at each C and gamma of the grid, pooled over those folds.
"""

import sys

import numpy
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

ROWS, CHANNELS = 60, 5


def reference(classes):
    row, channel = numpy.meshgrid(numpy.arange(ROWS), numpy.arange(CHANNELS), indexing="ij")
    label = row % classes
    values = (row * 37 + channel * 101 + row * channel * 13) % 29 + 6 * ((label * (channel + 2)) % 5)
    return values.astype(float), label[:, 0]


def print_scores():
    for classes in (2, 3):
        for penalty, gamma in ((1.0, 0.2), (10.0, 0.05)):
            values, labels = reference(classes)
            scaled = StandardScaler().fit_transform(values)
            machine = SVC(C=penalty, gamma=gamma, tol=1e-6)
            if classes == 2:  # one machine: yes for class 1
                scores = machine.fit(scaled, labels).decision_function(scaled[:4])
                scores = numpy.stack([-scores, scores], axis=1)
            else:
                scores = OneVsRestClassifier(machine).fit(scaled, labels).decision_function(scaled[:4])
            print(f"{classes}, {penalty}, {gamma}: {{" + ", ".join(f"{s:.4f}" for s in scores.ravel()) + "}")


def print_accuracies(file):
    data = numpy.load(file)
    x, y, fold = data["x"], data["y"], data["fold"]
    for gamma in (0.25, 1.0, 4.0):
        for penalty in (1.0, 10.0, 100.0):
            right = 0
            for k in range(fold.max() + 1):
                learn, test = fold != k, fold == k
                scaler = StandardScaler().fit(x[learn])
                machine = SVC(C=penalty, gamma=gamma / x.shape[1]).fit(scaler.transform(x[learn]), y[learn])
                right += int((machine.predict(scaler.transform(x[test])) == y[test]).sum())
            print(f"gamma {gamma} / channels, C {penalty}: {right} of {len(y)} right")


if len(sys.argv) > 1:
    print_accuracies(sys.argv[1])
else:
    print_scores()
