#include "ui/models/words.h"

#include "core/augment/recipe.h"
#include "core/base/error.h"
#include "core/learn/plan_choices.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"
#include "ui/paths.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int FewTestPictures = 20; // under this an interval is too wide to choose by

struct Words {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::Words)
};

QString number(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

// 97 % and 99.7 %: whole numbers, but a share that is not quite everything or nothing is not shown as if it
// were.
QString shareNumber(double share)
{
    const double value = share * 100.0;
    const bool rounds = (value > 99.0 && value < 100.0) || (value > 0.0 && value < 1.0);
    if (!rounds)
        return number(value, 0);
    return number(std::clamp(value, 0.1, 99.9), 1);
}

QString megabyteNumber(std::int64_t bytes)
{
    constexpr double megabyte = 1e6; // as file managers count
    const double value = static_cast<double>(bytes) / megabyte;
    return number(value, value > 0.0 && value < 10.0 ? 1 : 0);
}

} // namespace

QString percent(double share)
{
    const double value = share * 100.0;
    if (value >= 99.5 && value < 100.0)
        return Words::tr("%1\u00A0%").arg(number(std::min(value, 99.9), 1));
    return Words::tr("%1\u00A0%").arg(number(value, 0));
}

QString percentExact(double share)
{
    const double value = std::round(share * 1000.0) / 10.0;
    return Words::tr("%1\u00A0%").arg(number(value, value == std::floor(value) ? 0 : 1));
}

QString percentRange(Interval interval)
{
    return Words::tr("%1 to %2\u00A0%").arg(shareNumber(interval.low), shareNumber(interval.high));
}

QString duration(double seconds)
{
    if (seconds < 1.0)
        return Words::tr("under 1\u00A0s");
    if (seconds < 90.0)
        return Words::tr("%1\u00A0s").arg(number(seconds, 0));
    const auto minutes = static_cast<int>(std::lround(seconds / 60.0));
    if (minutes < 60)
        return Words::tr("%1\u00A0min").arg(number(minutes, 0));
    return Words::tr("%1\u00A0h %2\u00A0min").arg(number(minutes / 60, 0), number(minutes % 60, 0));
}

QString startedAt(const QDateTime& when)
{
    const QLocale locale;
    return when.date() == QDate::currentDate()
        ? Words::tr("started at %1").arg(locale.toString(when.time(), QLocale::ShortFormat))
        : Words::tr("started on %1").arg(locale.toString(when, QLocale::ShortFormat));
}

QString durationRange(double low, double high)
{
    const QString most = duration(high);
    if (duration(low) == most)
        return Words::tr("about %1").arg(most);
    return low < 1.0 ? Words::tr("up to %1").arg(most) : Words::tr("%1 to %2").arg(duration(low), most);
}

QString memoryUse(std::int64_t used, std::int64_t total)
{
    constexpr double gigabyte = 1e9;
    return Words::tr("%1 of %2\u00A0GB")
        .arg(number(static_cast<double>(used) / gigabyte, 1),
             number(std::round(static_cast<double>(total) / gigabyte), 0));
}

QString megabytes(std::int64_t bytes)
{
    return Words::tr("%1\u00A0MB").arg(megabyteNumber(bytes));
}

QString megabytesOf(std::int64_t done, std::int64_t total)
{
    return Words::tr("%1 of %2\u00A0MB").arg(megabyteNumber(done), megabyteNumber(total));
}

QString coreText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString fileName(const std::filesystem::path& path)
{
    return toQString(path.filename());
}

QString sideTitle(dataset::Side side)
{
    switch (side) {
    case dataset::Side::Training:
        return Words::tr("Training");
    case dataset::Side::Validation:
        return Words::tr("Validation");
    case dataset::Side::Test:
        return Words::tr("Test");
    }
    return {};
}

QString problemTitle(dataset::ProblemKind kind)
{
    using dataset::ProblemKind;
    switch (kind) {
    case ProblemKind::NotAPicture:
        return Words::tr("Not a picture");
    case ProblemKind::Empty:
        return Words::tr("Empty file");
    case ProblemKind::Damaged:
        return Words::tr("Damaged file");
    case ProblemKind::TooBig:
        return Words::tr("Too big");
    case ProblemKind::Unreadable:
        return Words::tr("No right to read it");
    case ProblemKind::Missing:
        return Words::tr("No longer there");
    case ProblemKind::FolderUnreadable:
        return Words::tr("Folder could not be read");
    case ProblemKind::LinkLoop:
        return Words::tr("Link to a folder already read");
    case ProblemKind::SameFileTwice:
        return Words::tr("The same file twice");
    case ProblemKind::NearDuplicate:
        return Words::tr("Nearly the same picture");
    case ProblemKind::SameInTwoClasses:
        return Words::tr("The same picture is in two classes");
    case ProblemKind::ClassLeftOut:
        return Words::tr("Class without a usable picture");
    case ProblemKind::Unlabelled:
        return Words::tr("Belongs to no class");
    }
    return {};
}

QString problemDeed(const dataset::Problem& problem)
{
    using dataset::ProblemKind;
    switch (problem.kind) {
    case ProblemKind::SameInTwoClasses:
        return Words::tr("All of them left out");
    case ProblemKind::ClassLeftOut:
        return Words::tr("Class left out");
    case ProblemKind::SameFileTwice:
    case ProblemKind::NearDuplicate:
        return problem.skipped ? Words::tr("Skipped") : Words::tr("Kept on one side of the split");
    default:
        return problem.skipped ? Words::tr("Skipped") : Words::tr("Kept");
    }
}

bool isSerious(dataset::ProblemKind kind)
{
    using dataset::ProblemKind;
    switch (kind) {
    case ProblemKind::Damaged:
    case ProblemKind::TooBig:
    case ProblemKind::Unreadable:
    case ProblemKind::Missing:
    case ProblemKind::FolderUnreadable:
    case ProblemKind::SameInTwoClasses:
    case ProblemKind::ClassLeftOut:
        return true;
    default:
        return false;
    }
}

QString recipeHint(const std::string& recipe)
{
    try {
        const augment::Recipe read = augment::readRecipe(recipe);
        const auto on = std::ranges::count(read.steps, true, &augment::Step::enabled);
        return on == 0 ? Words::tr("Pictures as they are")
                       : Words::tr("%Ln augmentation(s) on", nullptr, static_cast<int>(on));
    } catch (const Error&) { // of a newer Graft
        return Words::tr("A recipe of a newer Graft");
    }
}

QString runTitle(const std::string& run)
{
    const QString id = QString::fromStdString(run);
    const QString count = id.section(QLatin1Char('-'), -1);
    return Words::tr("Run %1").arg(count);
}

QString strategyTitle(const learn::Plan& plan)
{
    return coreText(learn::titleOf(plan));
}

QString backboneTitle(const learn::Plan& plan)
{
    const auto all = network::backbones();
    const std::string_view id = network::backboneOfWeights(plan.backbone);
    const auto found = std::ranges::find(all, id, &network::BackboneSpec::id);
    if (found == all.end())
        return QString::fromStdString(plan.backbone);
    const QString title = QString::fromUtf8(found->title.data(), static_cast<qsizetype>(found->title.size()));
    if (plan.backbone.size() == id.size())
        return title;
    return title + QLatin1Char(' ') + QString::fromStdString(plan.backbone.substr(id.size() + 1)).toUpper();
}

QString planSummary(const learn::Plan& plan)
{
    // Field terms keep their written form in every language.
    static constexpr std::array<std::pair<std::string_view, const char*>, 8> names {{
        {"sgd", "SGD"},
        {"rmsprop", "RMSprop"},
        {"adagrad", "Adagrad"},
        {"adamw", "AdamW"},
        {"cross_entropy", QT_TRANSLATE_NOOP("graft::ui::Words", "cross-entropy")},
        {"mse", QT_TRANSLATE_NOOP("graft::ui::Words", "mean squared error")},
        {"mae", QT_TRANSLATE_NOOP("graft::ui::Words", "mean absolute error")},
        {"cosine", QT_TRANSLATE_NOOP("graft::ui::Words", "cosine")},
    }};
    const auto title = [](const std::string& id) {
        const auto found = std::ranges::find(names, id, &std::pair<std::string_view, const char*>::first);
        return found == names.end() ? QString::fromStdString(id) : Words::tr(found->second);
    };
    return Words::tr("%1, %2, %3").arg(backboneTitle(plan), title(plan.optimizer), title(plan.loss));
}

const ConfusionMatrix& measured(const learn::RunResult& result)
{
    return result.headline().total() > 0 ? result.headline() : result.validation;
}

QString adviceSentence(const engine::AdviceVerdict& advice)
{
    const learn::Forecast& forecast = advice.forecast;
    const QString text = advice.held ? Words::tr("The forecast held: about %1, likely %2.")
        : advice.test.accuracy() > forecast.likely.high
        ? Words::tr("Better than the forecast, which was about %1, likely %2.")
        : Words::tr("Worse than the forecast, which was about %1, likely %2.");
    return text.arg(percent(forecast.accuracy), percentRange(forecast.likely));
}

Verdict verdict(const learn::RunResult& result)
{
    Verdict verdict;
    const bool folds = result.crossValidation.total() > 0;
    verdict.onTest = !folds && result.test.total() > 0;
    const ConfusionMatrix& matrix = measured(result);
    verdict.correct = matrix.correct();
    verdict.total = matrix.total();
    verdict.interval = wilson(verdict.correct, verdict.total);
    if (verdict.total == 0) {
        verdict.sentence =
            Words::tr("Nothing was measured: there are no test and no validation pictures. Add pictures.");
        return verdict;
    }
    const QLocale locale;
    const auto count = static_cast<int>(verdict.total);
    const QString pictures = folds
        ? Words::tr("%1 right: %2 of %n picture(s), each answered without having learned from it. 95 % "
                    "interval %3.",
                    nullptr, count)
        : verdict.onTest
        ? Words::tr("%1 right: %2 of %n test picture(s), kept secret until now. 95 % interval %3.", nullptr,
                    count)
        : Words::tr("%1 right: %2 of %n validation picture(s). 95 % interval %3.", nullptr, count);
    verdict.sentence = pictures.arg(percentExact(matrix.accuracy()), locale.toString(verdict.correct),
                                    percentRange(verdict.interval));
    if (folds)
        verdict.warning =
            Words::tr("There are few pictures, so this comes from cross-validation, not from the "
                      "few test pictures. Add pictures for a firmer answer.");
    else if (!verdict.onTest)
        verdict.warning =
            Words::tr("There are no test pictures. The validation pictures chose the best epoch, so this "
                      "is likely a little too good.");
    else if (count < FewTestPictures)
        verdict.warning = Words::tr(
            "Only %n test picture(s): the true share may be anywhere in the interval. Add pictures for a "
            "firmer answer.",
            nullptr, count);
    return verdict;
}

} // namespace graft::ui
