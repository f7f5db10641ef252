#pragma once
#include "core/learn/advice.h"

#include <string>
#include <vector>

namespace graft::learn {

/// What a race knows of one strategy when it is over.
struct RaceEntry {
    std::string strategy; ///< id
    double seconds = 0.0; ///< that it took, with reading features
    Answers validation;
    /// Whether each of the judged pictures was answered rightly, the same pictures in the same order as in
    /// all other entries. Empty: it is not compared (it failed, or was stopped before it had learned
    /// anything).
    std::vector<bool> right {};
};

/// The pictures that `right` is of.
enum class JudgedOn {
    Test, ///< that nothing was chosen by
    Validation, ///< where there are no test pictures
};

struct RaceVerdict {
    int winner = -1; ///< index into the entries; -1: no clear winner
    int recommended =
        -1; ///< the winner, or the cheapest of those that cannot be told apart; -1: nobody has a model
    std::string sentence; ///< for a person; never empty
};

/// The chance, were two classifiers equally good, of answers as different as these or more: McNemar's test in
/// its exact form, two-sided (Q. McNemar, "Note on the sampling error of the difference between correlated
/// proportions", 1947; advised for two classifiers on one test set by T. G. Dietterich, "Approximate
/// statistical tests for comparing supervised classification learning algorithms", 1998). Only pictures that
/// one answered rightly and the other wrongly count. 1 where there are none.
double mcNemar(std::int64_t onlyFirst, std::int64_t onlySecond);

/// Says who won. The entry with the best validation accuracy (the quicker of equal ones) is compared with
/// each other one on the judged pictures, by mcNemar() at 5 % for all comparisons together (S. Holm, "A
/// simple sequentially rejective multiple test procedure", 1979). It wins where it is better than every other
/// one; otherwise nobody does, and of those that are not shown to be worse than it the cheapest is
/// recommended (of those that take about as long, the better one). Judged by validation pictures, which have
/// chosen the best as well, all pairs count as comparisons.
RaceVerdict judgeRace(const std::vector<RaceEntry>& entries, JudgedOn on);

} // namespace graft::learn
