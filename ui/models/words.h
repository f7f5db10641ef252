#pragma once
#include "core/base/metrics.h"
#include "core/dataset/dataset.h"
#include "core/engine/advise.h"
#include "core/store/project.h"

#include <QDateTime>
#include <QString>

#include <filesystem>
#include <string_view>

namespace graft::ui {

/// Numbers and names as a person reads them, in the language and locale of the window.

QString percent(double share); ///< 0.974 -> "97 %", 0.9996 -> "99.9 %": never 100 for what is not quite all
QString percentExact(double share); ///< 0.9833 -> "98.3 %", 1 -> "100 %"
QString percentRange(Interval interval); ///< "91 to 99.7 %"
QString duration(double seconds); ///< "42 s", "18 min", "1 h 5 min"
QString startedAt(const QDateTime& when); ///< "started at 15:02"; with its day where that is not today
QString durationRange(double low, double high); ///< "2 min to 5 min", "about 2 min", "up to 50 s"
QString memoryUse(std::int64_t used, std::int64_t total); ///< bytes -> "0.4 of 8 GB"

QString megabytes(std::int64_t bytes); ///< 18826032 -> "19 MB", 312000 -> "0.3 MB", in one piece
QString megabytesOf(std::int64_t done, std::int64_t total); ///< "12 of 98 MB"

QString coreText(std::string_view text); ///< a title or sentence of core

QString fileName(const std::filesystem::path& path);

QString sideTitle(dataset::Side side); ///< "Training"
QString problemTitle(dataset::ProblemKind kind); ///< "Damaged file"
QString problemDeed(const dataset::Problem& problem); ///< what Graft did: "Skipped"
bool isSerious(dataset::ProblemKind kind); ///< a picture was lost by it

QString recipeHint(const std::string& recipe); ///< as of learn::Plan: "4 augmentations on"
QString runTitle(const std::string& run); ///< "run-4" -> "Run 4"
QString strategyTitle(const learn::Plan& plan); ///< "Linear classifier"
QString backboneTitle(const learn::Plan& plan); ///< "EfficientNet-Lite0"
QString planSummary(const learn::Plan& plan); ///< "EfficientNet-Lite0, SGD, cross-entropy"

/// The verdict of a run: its share of right answers with count and interval, from the test pictures where
/// there are some, else from the validation pictures; from cross-validation where pictures are few.
struct Verdict {
    std::int64_t correct = 0;
    std::int64_t total = 0; ///< 0: nothing was measured
    Interval interval;
    bool onTest = false;
    QString sentence; ///< "98.3 % right: 59 of 60 test pictures, kept secret until now. 95 % interval ..."
    QString warning; ///< empty, or why not to lean on it
};

Verdict verdict(const learn::RunResult& result);

/// "The forecast held: about 88 %, likely 80 to 95 %."
QString adviceSentence(const engine::AdviceVerdict& advice);

/// What the verdict is said from: cross-validation, the test pictures, or else the validation pictures.
const ConfusionMatrix& measured(const learn::RunResult& result);

} // namespace graft::ui
