#!/usr/bin/env python3
"""Prints what scikit-learn's LinearSVC and StandardScaler make of the features of reference() in tst_svm.cpp, as the
rows of that file. Needs numpy and scikit-learn, in an environment of its own:

    python3 -m venv FOLDER && FOLDER/bin/pip install scikit-learn && FOLDER/bin/python tests/learn/svm_reference.py
"""

import numpy
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

ROWS, CHANNELS = 60, 5


def reference(classes):
    """Whole numbers only, so that tst_svm.cpp makes exactly the same."""
    row, channel = numpy.meshgrid(numpy.arange(ROWS), numpy.arange(CHANNELS), indexing="ij")
    label = row % classes
    values = (row * 37 + channel * 101 + row * channel * 13) % 29 + 6 * ((label * (channel + 2)) % 5)
    return values.astype(float), label[:, 0]


for classes in (2, 3):
    for penalty in (0.001, 0.1):
        for balanced in (False, True):
            values, labels = reference(classes)
            if balanced:  # the last class loses two of three rows
                keep = (labels != classes - 1) | (numpy.arange(ROWS) % (3 * classes) < classes)
                values, labels = values[keep], labels[keep]
            scaled = StandardScaler().fit_transform(values)
            machine = LinearSVC(C=penalty, dual=False, tol=1e-8, max_iter=100000,
                                class_weight="balanced" if balanced else None).fit(scaled, labels)
            scores = machine.decision_function(scaled[:4])
            if classes == 2:  # one machine: yes for class 1
                scores = numpy.stack([-scores, scores], axis=1)
            print(f"{classes}, {penalty}, {str(balanced).lower()}: {{" + ", ".join(f"{s:.5f}" for s in scores.ravel()) + "}")
